import type { RequestContext } from '#platform/context.ts'
import type { Payment as PaymentDocument, Transaction } from './domain/payment.ts'
import type { Loaders } from './loaders.ts'

export interface Order {
  readonly id: string
}

export type Payment = PaymentDocument

export type PaymentTransaction = Transaction

export type Context = RequestContext<Loaders>
