import type * as kernel from '#kernel/money.ts'
import type { RequestContext } from '#platform/context.ts'
import type * as clients from './clients.ts'
import type * as carts from './domain/cart.ts'
import type * as findings from './domain/problems.ts'
import type * as updates from './domain/updates.ts'
import type { Loaders } from './loaders.ts'

export type Context = RequestContext<Loaders>

export type Money = kernel.Money

export type Cart = carts.Cart

export interface PersonalData {
  readonly id: string
}

export interface CartLine extends carts.CartLine {
  readonly cart: carts.Cart
  /** Its place in the cart. */
  readonly index: number
}

export type CartTotals = clients.CartTotals
export type CartTotalRow = clients.TotalRow
export type CartProblem = findings.CartProblem
export type CartUpdate = updates.CartUpdate
