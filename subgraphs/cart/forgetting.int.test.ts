import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings } from './clients.memory.ts'
import { buildCart, cart } from './index.ts'

const variantId = `var_${'0'.repeat(26)}`
const user = (id: string): Viewer => ({ kind: 'user', id, sessionId: `ses_${id}`, roles: ['BUYER'] })
const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }

const start = async () => {
  const siblings = makeMemorySiblings()
  siblings.sell(variantId, 100, 1_000)
  const clock = makeManualClock()
  return startTestSubgraph({ ...cart, build: (deps) => buildCart(deps, siblings) }, { clock })
}

test('given carts of an account and its guests, ordered and not, when the account is closed, delivered twice, then nothing of them is left, and other carts stay (threat: privacy)', async () => {
  const { ask, deps, subgraph } = await start()
  const add = async (viewer: Viewer): Promise<string> => {
    const input = { variantId, quantity: 1 }
    const document = 'mutation ($input: AddCartLineInput!) { addCartLine(input: $input) { cart { id } } }'
    return ((await ask(viewer, document, { input })).data?.addCartLine as { cart: { id: string } }).cart.id
  }
  const ordered = { cartId: await add(user('usr_1')), orderId: 'ord_1' }
  const close = 'mutation ($input: CloseCartInput!) { closeCart(input: $input) { userErrors { code } } }'
  expect((await ask(service('orders'), close, { input: ordered })).data?.closeCart).toEqual({ userErrors: [] })
  await add(user('usr_1'))
  await add(guest)
  const kept = await add(user('usr_2'))
  const payload = { accountId: 'usr_1', guestIds: ['gst_1'] }
  const event = { id: 'evt_1', type: 'AccountClosed', at: new Date(0), aggregateId: 'usr_1', payload }
  for (const _ of Array(2))
    for (const consumer of subgraph.parts.consumers ?? []) await consumer.on.AccountClosed?.(event)
  const rows = await deps.database.collection('carts').find({}).toArray()
  expect(rows.map(({ _id }) => String(_id))).toEqual([kept])
})
