import { expect, test } from 'vitest'
import { anonymous, service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { products } from './index.ts'

const seller: Viewer = {
  kind: 'user',
  id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  sessionId: 'ses_1',
  roles: ['BUYER', 'SELLER'],
}
const otherSeller: Viewer = { ...seller, id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAW' }
const buyer: Viewer = { ...seller, id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAX', roles: ['BUYER'] }

const create = /* GraphQL */ `
  mutation ($input: CreateProductInput!) {
    createProduct(input: $input) {
      product { id slug status variants { id sku title availability { left inStock } } options { name values } }
      userErrors { code field message }
    }
  }
`
const publish =
  'mutation ($id: ID!) { publishProduct(input: { id: $id }) { product { status } userErrors { code field } } }'

const shirt = {
  title: 'Linen Shirt',
  vendor: 'Nordic Loom',
  categories: ['Clothing > Shirts'],
  tags: ['summer'],
  variants: [
    { sku: 'LS-S', selectedOptions: [{ name: 'Size', value: 'S' }], initialStock: 5 },
    { sku: 'LS-M', selectedOptions: [{ name: 'Size', value: 'M' }], initialStock: 0 },
  ],
}

const startCatalogue = async () => {
  const started = await startTestSubgraph(products)
  const createProduct = async (input: object, viewer = seller) =>
    (await started.ask(viewer, create, { input })).data?.createProduct as {
      product: {
        id: string
        slug: string
        variants: { id: string; sku: string; title: string; availability: { left: number } }[]
      } | null
      userErrors: { code: string; field: string[] }[]
    }
  const publishProduct = (id: string, viewer = seller) => started.ask(viewer, publish, { id })
  return { ...started, createProduct, publishProduct }
}

test('given a seller, when a product is created, then it is a draft that buyers do not see until it is published', async () => {
  const { ask, createProduct, publishProduct } = await startCatalogue()
  const { product, userErrors } = await createProduct(shirt)
  expect(userErrors).toEqual([])
  expect(product).toMatchObject({
    slug: 'linen-shirt',
    status: 'DRAFT',
    options: [{ name: 'Size', values: ['S', 'M'] }],
    variants: [
      { sku: 'LS-S', title: 'S', availability: { left: 5, inStock: true } },
      { sku: 'LS-M', title: 'M', availability: { left: 0, inStock: false } },
    ],
  })
  const bySlug = '{ product(slug: "linen-shirt") { title } }'
  expect((await ask(anonymous, bySlug)).data).toEqual({ product: null })
  expect((await ask(otherSeller, bySlug)).data).toEqual({ product: null })
  expect((await ask(seller, bySlug)).data).toEqual({ product: { title: 'Linen Shirt' } })
  await publishProduct(product!.id)
  expect((await ask(anonymous, bySlug)).data).toEqual({ product: { title: 'Linen Shirt' } })
})

test('given somebody else, when they change or publish a product, then it looks as if there were none (R9)', async () => {
  const { ask, createProduct, publishProduct } = await startCatalogue()
  const { product } = await createProduct(shirt)
  const denied = [{ code: 'NOT_FOUND', field: ['input', 'id'] }]
  expect((await publishProduct(product!.id, otherSeller)).data).toMatchObject({
    publishProduct: { product: null, userErrors: denied },
  })
  const update =
    'mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { product { title } userErrors { code field } } }'
  expect((await ask(otherSeller, update, { input: { id: product!.id, title: 'Mine' } })).data).toMatchObject({
    updateProduct: { userErrors: denied },
  })
  expect((await createProduct({ ...shirt, slug: 'x' }, buyer)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
  expect((await createProduct({ ...shirt, slug: 'x' }, anonymous as never)).userErrors).toMatchObject([
    { code: 'UNAUTHENTICATED' },
  ])
})

test('given a taken slug or SKU, when another product claims it, then the field is named and nothing is stored, neither a product nor its stock or category', async () => {
  const { ask, createProduct, deps } = await startCatalogue()
  await createProduct(shirt)
  const stored = () =>
    Promise.all(['stock', 'categories'].map((name) => deps.database.collection(name).countDocuments()))
  const before = await stored()
  const sameSlug = await createProduct({ ...shirt, categories: ['New'], variants: [{ sku: 'OTHER' }] })
  expect(sameSlug.userErrors).toMatchObject([{ code: 'SLUG_TAKEN', field: ['input', 'slug'] }])
  const sameSku = await createProduct({ ...shirt, slug: 'other', categories: ['New'] })
  expect(sameSku.userErrors).toMatchObject([{ code: 'SKU_TAKEN', field: ['input', 'variants'] }])
  const drafts = await ask(seller, '{ products(first: 5, filter: { status: DRAFT }) { totalCount } }')
  expect(drafts.data).toEqual({ products: { totalCount: 1 } })
  expect(await stored()).toEqual(before)
})

test.each([
  ['SKU', (n: number) => ({ slug: `shirt-${n}` }), 'SKU_TAKEN'],
  ['slug', (n: number) => ({ variants: [{ sku: `SHIRT-${n}` }] }), 'SLUG_TAKEN'],
])(
  'given five products with one %s at the same moment, then one is made, and the others are refused',
  async (_, others, code) => {
    const { createProduct } = await startCatalogue()
    const made = await Promise.all([1, 2, 3, 4, 5].map((n) => createProduct({ ...shirt, ...others(n) })))
    expect(made.flatMap(({ userErrors }) => userErrors.map((error) => error.code))).toEqual([code, code, code, code])
  },
)

test('given bad content, when it is sent, then every field at fault is named at once', async () => {
  const { createProduct } = await startCatalogue()
  const bad = {
    title: ' ',
    slug: 'Not A Slug',
    media: [{ url: 'javascript:alert(1)' }],
    variants: [{ sku: 'A', initialStock: -1 }, { sku: 'A' }],
  }
  const { product, userErrors } = await createProduct(bad)
  expect(product).toBeNull()
  expect(userErrors.map(({ field }) => field.slice(1).join('.'))).toEqual([
    'title',
    'slug',
    'media.0.url',
    'variants.0.sku',
    'variants.0.initialStock',
    'variants.1.sku',
  ])
})

test('given 7 products, when a buyer pages by title, then each comes once, in order, with cursors that end', async () => {
  const { ask, createProduct, publishProduct } = await startCatalogue()
  for (const title of ['Delta', 'alpha', 'Echo', 'bravo', 'Golf', 'charlie', 'foxtrot']) {
    await publishProduct((await createProduct({ title, variants: [{ sku: title }] })).product!.id)
  }
  const page =
    'query ($after: String) { products(first: 3, after: $after, sort: TITLE_ASC) { totalCount nodes { title } pageInfo { hasNextPage endCursor } } }'
  const titles: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const { products: list } = (await ask(anonymous, page, { after })).data as {
      products: {
        totalCount: number
        nodes: { title: string }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
      }
    }
    expect(list.totalCount).toBe(7)
    titles.push(...list.nodes.map(({ title }) => title))
    ;({ hasNextPage: more, endCursor: after } = list.pageInfo)
  }
  expect(titles).toEqual(['alpha', 'bravo', 'charlie', 'Delta', 'Echo', 'foxtrot', 'Golf'])
})

test('given bad pagination, when a list is asked, then the argument is named', async () => {
  const { ask } = await startCatalogue()
  for (const [args, field] of [
    ['first: 0', 'first'],
    ['first: 101', 'first'],
    ['first: 1, after: "junk"', 'after'],
  ] as const) {
    const { errors } = await ask(anonymous, `{ products(${args}) { nodes { id } } }`)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: [field] })
  }
})

test('given products, when a buyer searches, then all words must match, accents do not matter, and title hits come first', async () => {
  const { ask, createProduct, publishProduct } = await startCatalogue()
  for (const input of [
    { title: 'Crème Brûlée Torch', variants: [{ sku: 'T1' }] },
    { title: 'Garden Torch', variants: [{ sku: 'T2' }] },
    { title: 'Kitchen Scale', tags: ['torch'], variants: [{ sku: 'T3' }] },
  ]) {
    await publishProduct((await createProduct(input)).product!.id)
  }
  const search = async (query: string) =>
    (
      await ask(
        anonymous,
        'query ($query: String!) { search(query: $query, first: 10) { totalCount nodes { title } } }',
        { query },
      )
    ).data?.search as { totalCount: number; nodes: { title: string }[] }
  expect((await search('torch')).nodes.map(({ title }) => title)).toEqual([
    'Crème Brûlée Torch',
    'Garden Torch',
    'Kitchen Scale',
  ])
  expect((await search('brulee tor')).nodes.map(({ title }) => title)).toEqual(['Crème Brûlée Torch'])
  expect(await search('.* $where')).toEqual({ totalCount: 0, nodes: [] })
})

test('given a page of 20 products with availability, when it is read, then it costs two database operations', async () => {
  const { ask, createProduct, publishProduct, deps } = await startCatalogue()
  for (let i = 0; i < 20; i++) {
    const variants = [1, 2, 3].map((n) => ({
      sku: `P${i}-${n}`,
      selectedOptions: [{ name: 'Size', value: String(n) }],
      initialStock: n,
    }))
    await publishProduct((await createProduct({ title: `Product ${i}`, categories: ['All'], variants })).product!.id)
  }
  deps.operations.length = 0
  const { data, errors } = await ask(
    anonymous,
    '{ products(first: 20) { nodes { title categories { name } variants { sku availability { left } product { title } } } } }',
  )
  expect(errors).toBeUndefined()
  expect((data?.products as { nodes: unknown[] }).nodes).toHaveLength(20)
  expect(deps.operations).toEqual(['find', 'find'])
})

test('given a call without a signature, for another subgraph, or made twice, then it is refused (R10)', async () => {
  const { subgraph, ask } = await startCatalogue()
  expect((await subgraph.execute({ headers: {}, body: '{"query":"{ _service { sdl } }"}' })).status).toBe(401)
  const forged = { 'x-emporion-viewer': Buffer.from(JSON.stringify(service('orders'))).toString('base64url') }
  expect((await subgraph.execute({ headers: forged, body: '{"query":"{ __typename }"}' })).status).toBe(401)
  const hold =
    'mutation { holdStock(input: { orderId: "ord_1", lines: [], expiresAt: "2030-01-01T00:00:00Z" }) { done userErrors { code } } }'
  expect((await ask(seller, hold)).data).toEqual({ holdStock: { done: false, userErrors: [{ code: 'FORBIDDEN' }] } })
})
