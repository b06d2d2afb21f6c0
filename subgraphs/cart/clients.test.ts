import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildASTSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import type { SubgraphCaller, SubgraphOperation } from '#platform/caller.ts'
import { makePricingClient, makeProductsClient, unlessAway } from './clients.ts'

/** A caller that answers from a list and remembers what it was asked. */
const answering = (data: unknown) => {
  const asked: (SubgraphOperation & { readonly subgraph: string })[] = []
  const call: SubgraphCaller = async <Data>(subgraph: string, operation: SubgraphOperation) => {
    asked.push({ subgraph, ...operation })
    return data as Data
  }
  return { call, asked }
}

/** What the schema of the asked subgraph says against the operation. */
const complaints = async ({ subgraph, query }: { readonly subgraph: string; readonly query: string }) => {
  const sdl = await readFile(join(import.meta.dirname, `../../schema/subgraphs/${subgraph}.graphql`), 'utf8')
  return validate(buildASTSchema(parse(sdl), { assumeValidSDL: true }), parse(query))
}

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' })
const lines = [
  { id: 'line_1', variantId: 'var_A', quantity: 2 },
  { id: 'line_2', variantId: 'var_B', quantity: 1 },
]
const cart = { lines, currency: 'EUR', shippingAddress: null, shippingMethodId: null }

describe('the products client', () => {
  test('given variants of which one does not exist, then the others are known by id, and the schema fits', async () => {
    const known = { id: 'var_A', isSold: true, maxPerOrder: 2, availability: { left: 3 } }
    const { call, asked } = answering({ variants: [known, null] })
    const variants = await makeProductsClient(call, 2_000).variants(['var_A', 'var_B'])
    expect([...variants]).toEqual([['var_A', { isSold: true, left: 3, maxPerOrder: 2 }]])
    expect(asked[0]).toMatchObject({ variables: { ids: ['var_A', 'var_B'] }, timeoutMs: 2_000 })
    expect(await complaints(asked[0]!)).toEqual([])
  })
})

describe('the pricing client', () => {
  const quote = {
    taxIncluded: true,
    subtotal: eur('20.00'),
    discount: eur('0.00'),
    shipping: eur('0.00'),
    tax: eur('3.19'),
    total: eur('20.00'),
    rows: [{ kind: 'LINE', label: '2 x 10.00 EUR', amount: eur('20.00') }],
  }

  test('given a quote, then it is in minor units, and the schema fits', async () => {
    const { call, asked } = answering({ tryQuote: { quote, unitPrices: [eur('10.00'), eur('0')], userErrors: [] } })
    expect(await makePricingClient(call, 2_000).price(cart)).toMatchObject({
      unitPrices: [{ minor: 1000, currency: 'EUR' }, { minor: 0 }],
      totals: { tax: { minor: 319 }, total: { minor: 2000 }, rows: [{ amount: { minor: 2000 } }] },
      refusal: null,
    })
    expect(asked[0]?.variables).toEqual({
      input: {
        lines: [
          { variantId: 'var_A', quantity: 2 },
          { variantId: 'var_B', quantity: 1 },
        ],
        destination: null,
        shippingMethodId: null,
        currency: 'EUR',
      },
    })
    expect(await complaints(asked[0]!)).toEqual([])
  })

  test('given a refusal, then its reason and the prices there are', async () => {
    const refused = { quote: null, unitPrices: [eur('1'), null], userErrors: [{ message: 'No price.' }] }
    const { call } = answering({ tryQuote: refused })
    expect(await makePricingClient(call, 2_000).price(cart)).toEqual({
      unitPrices: [{ minor: 100, currency: 'EUR' }, null],
      totals: null,
      refusal: 'No price.',
    })
  })

  test('given an amount that is not exact, then it is a fault, never a rounded price', async () => {
    const { call } = answering({ tryQuote: { quote: null, unitPrices: [eur('1.005')], userErrors: [] } })
    await expect(makePricingClient(call, 2_000).price(cart)).rejects.toThrow(RangeError)
  })
})

describe('unlessAway', () => {
  test('given a sibling that is away, then null; given another refusal, then that', async () => {
    expect(await unlessAway(Promise.reject(new ShopError('UNAVAILABLE', 'away')))).toBeNull()
    await expect(unlessAway(Promise.reject(new ShopError('FORBIDDEN', 'no')))).rejects.toThrow('no')
    expect(await unlessAway(Promise.resolve(1))).toBe(1)
  })
})
