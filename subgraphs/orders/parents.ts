import type { RequestContext } from '#platform/context.ts'
import type { SeenOrder } from './domain/access.ts'
import type * as mailing from './domain/mailing.ts'
import type { Line, Totals } from './domain/order.ts'
import type * as placing from './domain/placeOrder.ts'
import type { Loaders } from './loaders.ts'
import type { OrderPage } from './service/reading.ts'
import type { OrderUpdate as Update } from './service/watching.ts'

export type Order = SeenOrder

export type OrderLine = Line

export type OrderTotals = Totals

export type OrderMailing = mailing.OrderMailing

export type PriceChange = placing.PriceChange

export interface ProductVariant {
  readonly id: string
}

export type OrderConnection = OrderPage

export type OrderUpdate = Update

export interface PersonalData {
  readonly id: string
}

export type Context = RequestContext<Loaders>
