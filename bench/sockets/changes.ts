import { randomUUID } from 'node:crypto'
import type { Ask } from '../client.ts'
import { addCartLine, adjustStock } from '../scenarios/documents.ts'

/** Changes the stock of a variant by one unit, up and down in turn, so that it is told and nothing runs out. */
export const makeStockChange = (ask: Ask, { variantId, token }: { variantId: string; token: string }) => {
  let count = 0
  return async (): Promise<void> => {
    count += 1
    const input = { variantId, delta: count % 2 === 1 ? -1 : 1, reason: 'A benchmark', idempotencyKey: randomUUID() }
    await ask(adjustStock, { input }, token)
  }
}

/** Adds one unit to the cart of a guest. */
export const changeCart = (ask: Ask, { variantId, token }: { variantId: string; token: string }): Promise<unknown> =>
  ask(addCartLine, { input: { variantId, quantity: 1 } }, token)
