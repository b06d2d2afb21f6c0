import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import type { Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings } from './clients.memory.ts'
import { buildCart, cart } from './index.ts'

const variantId = 'var_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }
const fields = 'cart { lines { id quantity } problems { code lineId } } userErrors { code field }'

interface Payload {
  readonly cart: {
    readonly lines: readonly { readonly id: string; readonly quantity: number }[]
    readonly problems: readonly { readonly code: string; readonly lineId: string }[]
  } | null
  readonly userErrors: readonly object[]
}

test('given a variant of which an order may have 3, then the cart takes no more, and tells when the limit came later', async () => {
  const siblings = makeMemorySiblings()
  siblings.sell(variantId, 100, 1_000)
  siblings.limit(variantId, 3)
  const clock = makeManualClock()
  const { ask } = await startTestSubgraph({ ...cart, build: (deps) => buildCart(deps, siblings) }, { clock })
  const run = async (name: 'addCartLine' | 'updateCartLine', input: object): Promise<Payload> => {
    const type = name === 'addCartLine' ? 'AddCartLineInput' : 'UpdateCartLineInput'
    const { data } = await ask(guest, `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input })
    return data?.[name] as Payload
  }
  const refusal = [{ code: 'LIMIT_EXCEEDED', field: ['input', 'quantity'] }]
  expect((await run('addCartLine', { variantId, quantity: 4 })).userErrors).toEqual(refusal)
  const first = await run('addCartLine', { variantId, quantity: 2 })
  expect(first).toMatchObject({ cart: { lines: [{ quantity: 2 }], problems: [] }, userErrors: [] })
  expect((await run('addCartLine', { variantId, quantity: 2 })).userErrors).toEqual(refusal)
  const lineId = first.cart?.lines[0]?.id
  expect((await run('updateCartLine', { lineId, quantity: 4 })).userErrors).toEqual(refusal)
  expect(await run('updateCartLine', { lineId, quantity: 3 })).toMatchObject({ cart: { lines: [{ quantity: 3 }] } })
  siblings.limit(variantId, 1)
  const { data } = await ask(guest, '{ cart { problems { code lineId } } }')
  expect(data?.cart).toEqual({ problems: [{ code: 'LIMIT_EXCEEDED', lineId }] })
})
