import { expect, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { otherSeller, seller, startStock } from './testing.ts'

const create = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { product { id variants { id maxPerOrder parts { variant { id } quantity } availability { left } } } userErrors { code field } } }`

const start = async () => {
  const stock = await startStock(10, 2)
  const [lamp = '', bulb = ''] = stock.variantIds
  let kits = 0
  const bundle = async (variant: object, viewer = seller) => {
    kits += 1
    const input = { title: `Kit ${kits}`, variants: [{ sku: `KIT-${kits}`, ...variant }] }
    const { data } = await stock.ask(viewer, create, { input })
    return data?.createProduct as {
      product: { id: string; variants: { id: string; availability: { left: number } }[] } | null
      userErrors: object[]
    }
  }
  return { ...stock, lamp, bulb, bundle }
}

test('given a bundle, then it is sold from its parts, as often as the scarcest allows', async () => {
  const { bundle, lamp, bulb, many } = await start()
  const parts = [
    { variantId: lamp, quantity: 1 },
    { variantId: bulb, quantity: 3 },
  ]
  const made = await bundle({ parts, maxPerOrder: 2 })
  expect(made).toMatchObject({
    product: {
      variants: [
        {
          maxPerOrder: 2,
          parts: parts.map(({ variantId, quantity }) => ({ variant: { id: variantId }, quantity })),
          availability: { left: 3 },
        },
      ],
    },
    userErrors: [],
  })
  await many.hold('ord_a', [[1, 8]])
  expect((await bundle({ parts })).product?.variants[0]?.availability).toEqual({ left: 0 })
})

test('given parts that are not there, are of another seller, or are bundles themselves, then each is named and nothing is made', async () => {
  const { bundle, lamp } = await start()
  const kit = (await bundle({ parts: [{ variantId: lamp, quantity: 1 }] })).product?.variants[0]?.id
  const part = (variantId: string | undefined) => [{ variantId, quantity: 1 }]
  const named = { code: 'NOT_FOUND', field: ['input', 'variants', '0', 'parts', '0', 'variantId'] }
  for (const parts of [part('var_01ARZ3NDEKTSV4RRFFQ69G5FZZ'), part(kit)])
    expect(await bundle({ parts })).toEqual({ product: null, userErrors: [named] })
  expect(await bundle({ parts: part(lamp) }, otherSeller)).toEqual({ product: null, userErrors: [named] })
})

test.each([
  [{ maxPerOrder: 0 }, 'maxPerOrder'],
  [{ maxPerOrder: 1_000 }, 'maxPerOrder'],
  [{ parts: [{ quantity: 0 }] }, 'parts.0.quantity'],
  [{ parts: [{ quantity: 100 }] }, 'parts.0.quantity'],
  [{ parts: [{ quantity: 1 }, { quantity: 1 }] }, 'parts.1.variantId'],
  [{ parts: [{ quantity: 1 }], initialStock: 1 }, 'initialStock'],
])('given %j, then the field is named', async (variant, field) => {
  const { bundle, lamp } = await start()
  const parts = 'parts' in variant ? { parts: variant.parts?.map((part) => ({ variantId: lamp, ...part })) } : {}
  const { userErrors } = await bundle({ ...variant, ...parts })
  expect(userErrors).toEqual([{ code: 'BAD_USER_INPUT', field: ['input', 'variants', '0', ...field.split('.')] }])
})

test('given a change that does not name them, then parts and limit stay; null takes them away', async () => {
  const { bundle, lamp, ask } = await start()
  const { product } = await bundle({ sku: 'KIT', parts: [{ variantId: lamp, quantity: 1 }], maxPerOrder: 5 })
  const update = async (variant: object) => {
    const query = `mutation ($input: UpdateProductInput!) {
      updateProduct(input: $input) { product { variants { title maxPerOrder parts { quantity } } } } }`
    const input = { id: product?.id, variants: [{ sku: 'KIT', ...variant }] }
    const { data } = await ask(seller, query, { input })
    return (data?.updateProduct as { product: { variants: object[] } }).product.variants[0]
  }
  expect(await update({ title: 'New' })).toEqual({ title: 'New', maxPerOrder: 5, parts: [{ quantity: 1 }] })
  expect(await update({ maxPerOrder: null, parts: null })).toEqual({ title: 'Default', maxPerOrder: null, parts: [] })
})

test('given somebody watches a bundle, when a part of it is sold, then the bundle changes (R15)', async () => {
  const { bundle, bulb, many, ask, subscribe } = await start()
  const { product } = await bundle({ parts: [{ variantId: bulb, quantity: 2 }] })
  await ask(seller, 'mutation ($id: ID!) { publishProduct(input: { id: $id }) { product { id } } }', {
    id: product?.id,
  })
  const live = (await subscribe(
    anonymous,
    'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { seq variant { availability { left } } } }',
    { ids: product?.variants.map(({ id }) => id) },
  )) as AsyncIterableIterator<{ data: { stockChanged: { seq: number; variant: object } } }>
  const next = async () => (await live.next()).value.data.stockChanged as { seq: number; variant: object }
  const first = await next()
  expect(first.variant).toEqual({ availability: { left: 5 } })
  await many.hold('ord_a', [[1, 3]])
  const second = await next()
  expect(second.variant).toEqual({ availability: { left: 3 } })
  expect(second.seq).toBeGreaterThan(first.seq)
  await live.return?.()
})
