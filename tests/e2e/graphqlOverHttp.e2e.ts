import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send, type TestShop } from '../client.ts'
import { startTogether } from '../shop.ts'

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether({})
})
afterAll(() => shop?.stop())

const preflighted = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { 'apollo-require-preflight': 'yes', ...(init.headers as Record<string, string>) } })

describe('the audits of GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${shop.url}/graphql`, fetchFn: preflighted })

  test('given the suite, then it is the whole of it', () => {
    expect(audits).toHaveLength(61)
  })

  // GET asks for a header that no other site's page can send unasked (CSRF), so the suite runs as a client that sends it.
  test.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('%s %s', async (_id, _name, run) => {
    const result = await run()
    if (result.status !== 'ok') expect.fail(`${result.reason}: ${await result.response.text()}`)
  })

  test('given a client without that header, then only GET is refused', async () => {
    const refused: string[] = []
    for (const { id, fn } of serverAudits({ url: `${shop.url}/graphql`, fetchFn: fetch }))
      if ((await fn()).status !== 'ok') refused.push(id)
    expect(refused.toSorted()).toEqual(['5A70', '6A70', 'D6D5'])
  })
})

describe('status codes by what a client accepts', () => {
  const broken = {
    'a syntax error': { query: '{' },
    'an unknown field': { query: '{ nothing }' },
    'a variable of another type': { query: 'query ($id: ID!) { product(id: $id) { id } }', variables: { id: {} } },
  }

  test.each(Object.entries(broken))('given %s, then 200 as plain JSON, 400 as GraphQL', async (_, body) => {
    const statusOf = async (accept: string) => {
      const { status, text } = await send(shop, body, { accept })
      expect(JSON.parse(text).errors).toHaveLength(1)
      return status
    }
    expect(await statusOf('application/json')).toBe(200)
    for (const accept of ['application/graphql-response+json', 'application/graphql-response+json, application/json'])
      expect(await statusOf(accept)).toBe(400)
  })

  test('given plain JSON, then what is no GraphQL request, and a bad token, keep their status', async () => {
    const plain = { accept: 'application/json' }
    expect((await send(shop, 'junk', plain)).status).toBe(400)
    expect((await send(shop, {}, plain)).status).toBe(400)
    const good = { query: '{ viewer { kind } }' }
    expect((await send(shop, good, { ...plain, authorization: 'Bearer junk' })).status).toBe(401)
  })

  test('given a media type that the gateway does not speak, then 406', async () => {
    expect((await send(shop, { query: '{ viewer { kind } }' }, { accept: 'text/html' })).status).toBe(406)
  })
})
