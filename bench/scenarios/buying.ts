import { randomUUID } from 'node:crypto'
import type { Ask } from '../client.ts'
import * as documents from './documents.ts'
import { becomeGuest, makeRound, type Scenario, type Stage } from './scenario.ts'

/** After so many additions a worker becomes a new guest: a cart that only grows would measure itself. */
const addsPerGuest = 20

/** So many variants take turns in one cart, so that most additions raise the quantity of a line, and a cart has five lines at most. */
const variantsPerCart = 5

const address = {
  name: 'Ada Lovelace',
  line1: 'Hauptstr. 1',
  city: 'Berlin',
  postalCode: '10115',
  countryCode: 'DE',
}

const variantsOf = ({ products }: Stage): string[] => products.flatMap(({ variantIds }) => variantIds)

const addLine = (ask: Ask, token: string, variantId: string) =>
  ask(documents.addCartLine, { input: { variantId, quantity: 1 } }, token)

/** A guest fills a cart and sees it after each step, as a mini-cart shows it. Becoming a guest is not measured. */
export const addToCart: Scenario = {
  name: 'addToCart',
  series: ['addToCart'],
  makeWorker: (stage, index) => {
    const { ask } = stage
    const nextOfAll = makeRound(variantsOf(stage), index * variantsPerCart)
    let guest = { token: '', adds: addsPerGuest, nextVariant: nextOfAll }
    const newGuest = async () => {
      const few = Array.from({ length: variantsPerCart }, nextOfAll)
      return { token: await becomeGuest(ask, documents.continueAsGuest), adds: 0, nextVariant: makeRound(few, 0) }
    }
    return async (measure) => {
      if (guest.adds >= addsPerGuest) guest = await newGuest()
      guest = { ...guest, adds: guest.adds + 1 }
      await measure('addToCart', () => addLine(ask, guest.token, guest.nextVariant()))
    }
  },
}

interface DestinationAnswer {
  readonly setCartDestination: { readonly cart: { readonly totals: { readonly total: object } | null } }
}

interface OrderAnswer {
  readonly placeOrder: { readonly order: { readonly status: string } }
}

const acknowledge = async (ask: Ask, token: string): Promise<object> => {
  const input = { shippingAddress: address }
  const { setCartDestination } = await ask<DestinationAnswer>(documents.setCartDestination, { input }, token)
  if (!setCartDestination.cart.totals) throw new Error('setCartDestination: the cart has no totals')
  return setCartDestination.cart.totals.total
}

const order = async (ask: Ask, token: string, acknowledgedTotal: object): Promise<void> => {
  const input = {
    idempotencyKey: randomUUID(),
    email: 'ada@example.com',
    shippingAddress: address,
    acknowledgedTotal,
    payment: { provider: 'sandbox', token: 'tok_ok' },
  }
  const { placeOrder } = await ask<OrderAnswer>(documents.placeOrder, { input }, token)
  if (placeOrder.order.status !== 'CONFIRMED') throw new Error(`placeOrder: the order is ${placeOrder.order.status}`)
}

/** From a new guest to a confirmed order: four requests in a row; the last of them also by itself. */
export const checkout: Scenario = {
  name: 'checkout',
  series: ['checkout', 'placeOrder'],
  makeWorker: (stage, index) => {
    const { ask } = stage
    const nextVariant = makeRound(variantsOf(stage), index * variantsPerCart)
    return (measure) =>
      measure('checkout', async () => {
        const token = await becomeGuest(ask, documents.continueAsGuest)
        await addLine(ask, token, nextVariant())
        const total = await acknowledge(ask, token)
        await measure('placeOrder', () => order(ask, token, total))
      })
  },
}

interface FilledCart {
  readonly token: string
  readonly total: object
}

/** More than a second takes away, so that nobody stops to fill a cart while others are measured. */
const cartsPerSecond = 100
const fillers = 16

/** From a filled cart with its destination to a confirmed order: one request. The carts are filled before. */
const makeTill = (): Scenario => {
  const filled: FilledCart[] = []
  const fill = async (ask: Ask, variantId: string): Promise<FilledCart> => {
    const token = await becomeGuest(ask, documents.continueAsGuest)
    await addLine(ask, token, variantId)
    return { token, total: await acknowledge(ask, token) }
  }
  return {
    name: 'till',
    series: ['till'],
    prepare: async (stage, seconds) => {
      const wanted = Math.ceil(seconds * cartsPerSecond)
      const fillSome = async (index: number) => {
        const nextVariant = makeRound(variantsOf(stage), index * variantsPerCart)
        while (filled.length < wanted) filled.push(await fill(stage.ask, nextVariant()))
      }
      await Promise.all(Array.from({ length: fillers }, (_, index) => fillSome(index)))
    },
    makeWorker: (stage, index) => {
      const nextVariant = makeRound(variantsOf(stage), index * variantsPerCart)
      return async (measure) => {
        const { token, total } = filled.pop() ?? (await fill(stage.ask, nextVariant()))
        await measure('till', () => order(stage.ask, token, total))
      }
    },
  }
}

export const till = makeTill()
