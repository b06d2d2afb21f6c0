import { vi } from 'vitest'
import type { Answer, TestShop } from './client.ts'
import { sendOrder } from './people.ts'

/** An order that is told after a second that its payment is still pending: its client asks again, with the same input. */
export const sendOrderUntilConfirmed = (
  shop: TestShop,
  token: string,
  { input, withinMs = 10_000 }: { readonly input: object; readonly withinMs?: number },
): Promise<Answer> =>
  vi.waitFor(
    async () => {
      const { order, userErrors } = await sendOrder(shop, token, input)
      if (order?.status !== 'CONFIRMED') throw new Error(`not confirmed: ${JSON.stringify({ order, userErrors })}`)
      return { order, userErrors }
    },
    { timeout: withinMs, interval: 100 },
  )

/** An order of which the first request with its key is under way elsewhere: who is told after 3 s that it is still, asks again. */
export const sendOrderUntilAnswered = async (shop: TestShop, token: string, input: object): Promise<Answer> => {
  for (;;) {
    const answer = await sendOrder(shop, token, input)
    if (answer.userErrors[0]?.code !== 'IN_PROGRESS') return answer
  }
}
