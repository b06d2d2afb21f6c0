import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type UnitName, unitNames } from '../../platform/config.ts'
import { minutes, seconds } from '../../platform/kernel/time.ts'
import { ask, get, send } from '../client.ts'
import { addLine, orderInput, placeOrder, sendOrder, setDestination, signIn, signUp, someVariants } from '../people.ts'
import { boundMs, type Fault, startSkewed } from '../skewedShop.ts'
import { settled } from '../verified.ts'

let shop: Awaited<ReturnType<typeof startSkewed>>
beforeAll(async () => {
  shop = await startSkewed()
})
afterAll(() => shop?.stop())

const leftOf = async (id: string): Promise<number> => (await someVariants(shop)).find((found) => found.id === id)!.left

const statusOf = async (token: string): Promise<number> =>
  (await send(shop, { query: '{ viewer { kind } }' }, { authorization: `Bearer ${token}` })).status

/** Half of the units ahead, the others behind, almost at the bound and still drifting apart by a tenth. */
const apart = (isAhead: (index: number) => boolean): Partial<Record<UnitName, Fault>> => {
  const most = boundMs / 2
  return Object.fromEntries(
    unitNames.map((unit, index) => [unit, { aheadMs: (isAhead(index) ? 1 : -1) * (most - seconds(1)), most }]),
  )
}

describe('clocks that run a tenth too fast in some services and a tenth too slow in others', () => {
  test.each([
    ['every second one ahead', (index: number) => index % 2 === 0],
    ['the others ahead', (index: number) => index % 2 === 1],
  ])(
    'given %s, up to the bound, then people sign in and buy, a hold is neither lost nor stays for ever, and tokens end (F14, I4)',
    async (_, isAhead) => {
      shop.setWrong(apart(isAhead))
      const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
      const { id, left } = variant!
      const person = await signUp(shop)
      const token = await signIn(shop, person)
      await addLine(shop, token, id)
      const total = await setDestination(shop, token)
      const { order } = await sendOrder(shop, token, orderInput(total, 'tok_requires_action'))
      expect([order.status, await leftOf(id)]).toEqual(['AWAITING_PAYMENT', left - 1])
      const other = await signUp(shop)
      await addLine(shop, other.token, id)
      expect((await placeOrder(shop, other.token)).order.status).toBe('CONFIRMED')

      // A hold is for 10 minutes, by whatever clock: a minute before nothing is lost, a minute after it is over.
      shop.pass(minutes(9))
      expect(await statusOf(token)).toBe(401)
      expect(await leftOf(id)).toBe(left - 2)

      shop.pass(minutes(2))
      const later = await signIn(shop, person)
      const statusNow = async (): Promise<string> =>
        (await get(shop, 'query ($id: ID!) { order(id: $id) { status } }', { id: order.id }, later)).order.status
      await expect.poll(statusNow, { timeout: 30_000 }).not.toBe('AWAITING_PAYMENT')
      await expect.poll(() => leftOf(id), { timeout: 30_000 }).toBe(left - 1)
      await settled(shop.snapshot)
    },
    90_000,
  )
})

test('given a service whose clock is beyond the bound, then who needs it is told UNAVAILABLE and nobody that the own token is bad, the rest works, and a line says why; once the clock is set, all works at once (F14)', async () => {
  shop.setWrong({})
  const { token } = await signUp(shop)
  shop.setWrong({ products: { aheadMs: seconds(35), most: seconds(35) } })
  const { errors } = await ask(shop, '{ products(first: 1) { nodes { id } } }', {}, token)
  expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', retryable: true } }])
  expect((await get(shop, '{ viewer { kind } }', {}, token)).viewer.kind).toBe('USER')
  expect(shop.lines).toContain('a signed call is refused: its time is too far from ours, see that clocks are set')
  expect(shop.lines).toContain('a subgraph did not answer')

  shop.setWrong({})
  expect((await get(shop, '{ products(first: 1) { nodes { id } } }', {}, token)).products.nodes).toHaveLength(1)
})
