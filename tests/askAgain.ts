import { vi } from 'vitest'
import type { Answer, TestShop } from './client.ts'
import { sendOrder } from './people.ts'

/** What a payment belongs to that died in the middle of a call to the provider goes on when its lease has ended, after some 15 s. */
const patienceMs = 30_000

/** An order that is told after a second that its payment is still pending: its client asks again, with the same input. */
export const sendOrderUntilConfirmed = (shop: TestShop, token: string, input: object): Promise<Answer> =>
  vi.waitFor(
    async () => {
      const { order, userErrors } = await sendOrder(shop, token, input)
      if (order?.status !== 'CONFIRMED') throw new Error(`not confirmed: ${JSON.stringify({ order, userErrors })}`)
      return { order, userErrors }
    },
    { timeout: patienceMs, interval: 100 },
  )

/** An order of which the first request with its key is under way elsewhere: who is told after 3 s that it is still, asks again. */
export const sendOrderUntilAnswered = async (shop: TestShop, token: string, input: object): Promise<Answer> => {
  for (;;) {
    const answer = await sendOrder(shop, token, input)
    if (answer.userErrors[0]?.code !== 'IN_PROGRESS') return answer
  }
}
