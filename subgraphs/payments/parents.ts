import type { RequestContext } from '#platform/context.ts'
import type { Payment as PaymentDocument, Transaction } from './domain/payment.ts'
import type { Loaders } from './loaders.ts'
import type { Difference, Place } from './model/comparison.ts'
import type { DifferencePage, toSums } from './service/comparing.ts'

export interface Order {
  readonly id: string
}

export type Payment = PaymentDocument

export type PaymentTransaction = Transaction

export type PaymentDifference = Difference

export type PaymentDifferenceConnection = DifferencePage

export type PaymentSums = ReturnType<typeof toSums>

export type BookComparison = Place

export type Context = RequestContext<Loaders>
