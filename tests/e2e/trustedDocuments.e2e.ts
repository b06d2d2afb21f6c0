import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BrowseDocument } from '../../examples/client/graphql.generated.ts'
import { send, type TestShop } from '../client.ts'
import { startTogether } from '../shop.ts'
import { overPost, transports } from '../transports.ts'

const manifest: Record<string, string> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schema/documents.json'), 'utf8'),
)
const [id = '', text = ''] = Object.entries(manifest).find(([, each]) => each.includes('query Browse(')) ?? []
const variables = { first: 2 }
const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether({ TRUSTED_DOCUMENTS: 'enforce' })
})
afterAll(() => shop?.stop())

const codes = ({ errors }: { errors?: readonly { extensions: Record<string, unknown> }[] }) =>
  errors?.map(({ extensions }) => extensions.code)

describe('a shop that runs only the documents of its manifest (threat: GraphQL)', () => {
  test.each(transports)(
    'over %s: they run by their hash, as text and as the example client sends them',
    async (_, ask) => {
      for (const asked of [
        { extensions: persisted(id) },
        { extensions: { documentId: `sha256:${id}` } },
        { query: text },
        { query: BrowseDocument.toString() },
        { query: text, extensions: persisted(id) },
      ])
        expect((await ask(shop, { ...asked, variables })).data?.products.nodes).toHaveLength(2)
    },
  )

  test.each(transports)('over %s: nothing else runs, by whatever name', async (_, ask) => {
    const other = '{ viewer { kind } }'
    for (const asked of [
      { query: other },
      { query: '{ __typename }' },
      { query: other, extensions: persisted(id) },
      { extensions: persisted('0'.repeat(64)) },
      { extensions: persisted('constructor') },
    ]) {
      const told = await ask(shop, { ...asked, variables })
      expect([told.data, codes(told)], JSON.stringify(asked)).toEqual([undefined, ['DOCUMENT_NOT_TRUSTED']])
    }
  })

  test('the id may also stand beside the variables', async () => {
    const post = await send(shop, { documentId: id, variables })
    expect(JSON.parse(post.text).data.products.nodes).toHaveLength(2)
    const search = new URLSearchParams({ documentId: `sha256:${id}`, variables: JSON.stringify(variables) })
    const get = { method: 'GET', path: `/graphql?${search}` }
    const answer = await send(shop, undefined, { 'apollo-require-preflight': 'yes' }, get)
    expect(JSON.parse(answer.text).data.products.nodes).toHaveLength(2)
  })

  test('every document of the manifest is within the limits', async () => {
    for (const each of Object.values(manifest))
      expect(codes(await overPost(shop, { query: each })) ?? []).not.toContain('DOCUMENT_TOO_COMPLEX')
  })
})
