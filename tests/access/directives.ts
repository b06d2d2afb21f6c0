import { expect, test } from 'vitest'
import { type Answer, ask, connect } from '../client.ts'
import type { World } from './world.ts'

/** What needs a token or a scope is refused alike over every transport. */
export const directiveStories = (world: () => World): void => {
  const refused: Record<string, string> = {
    token: '{ orders(first: 1) { totalCount } }',
    scope: '{ auditLog(first: 1) { totalCount } }',
    'a mutation with a scope':
      'mutation { createProduct(input: { title: "x", variants: [{ sku: "x" }] }) { product { id } } }',
  }
  test.each(Object.entries(refused))(
    'given what needs a %s, when a viewer without it asks over POST, GET and WebSocket, then it is refused alike (threat: fields)',
    async (_, query) => {
      const { shop } = world()
      const place = query
        .replace(/^mutation |[{}]/g, '')
        .trim()
        .split('(')[0]
      const expected = { path: [place], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }
      const { errors, data } = await ask(shop, query)
      expect([data, errors]).toMatchObject([undefined, [expected]])
      const socket = connect(shop)
      const failure = await socket
        .watch(query)
        .next()
        .catch((error: Error) => JSON.parse(error.message))
      expect(failure).toMatchObject([expected])
      await socket.close()
      if (query.startsWith('mutation')) return
      const response = await fetch(`${shop.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': 'yes' },
      })
      expect(((await response.json()) as Answer).errors).toMatchObject([expected])
    },
  )
}
