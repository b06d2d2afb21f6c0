import { vi } from 'vitest'
import type { Answer, TestShop } from './client.ts'
import { sendOrder } from './people.ts'

/** An order that is told after a second that its payment is still pending: its client asks again, with the same input. */
export const sendOrderUntilConfirmed = (shop: TestShop, token: string, input: object): Promise<Answer> =>
  vi.waitFor(
    async () => {
      const { order, userErrors } = await sendOrder(shop, token, input)
      if (order?.status !== 'CONFIRMED') throw new Error(`not confirmed: ${JSON.stringify({ order, userErrors })}`)
      return { order, userErrors }
    },
    { timeout: 10_000, interval: 100 },
  )
