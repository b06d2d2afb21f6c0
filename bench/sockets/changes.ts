import { randomUUID } from 'node:crypto'
import type { Ask } from '../client.ts'
import { addCartLine, adjustStock } from '../scenarios/documents.ts'

/**
 * Changes the stock of a variant by one unit, always up: nothing runs out, and two changes that reach somebody as one are never none,
 * as they would be up and down in turn.
 */
export const makeStockChange =
  (ask: Ask, { variantId, token }: { variantId: string; token: string }) =>
  async (): Promise<void> => {
    const input = { variantId, delta: 1, reason: 'A benchmark', idempotencyKey: randomUUID() }
    await ask(adjustStock, { input }, token)
  }

/** Adds one unit to the cart of a guest. */
export const changeCart = (ask: Ask, { variantId, token }: { variantId: string; token: string }): Promise<unknown> =>
  ask(addCartLine, { input: { variantId, quantity: 1 } }, token)
