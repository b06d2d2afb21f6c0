import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, type OperationDefinitionNode, parse } from 'graphql'
import { expect, test } from 'vitest'
import { classOf, namedRootFields } from './classes.ts'

const operationOf = (document: string) => parse(document).definitions[0] as OperationDefinitionNode

test.each([
  ['browse', '{ products(first: 3) { totalCount } search(query: "a") { totalCount } }'],
  ['browse', '{ ... on Query { product(slug: "a") { title } } }'],
  ['browse', 'subscription { stockChanged(variantIds: []) { seq } }'],
  ['account', '{ cart { id } }'],
  ['account', '{ products(first: 1) { totalCount } viewer { kind } }'],
  ['account', 'mutation { signIn(input: {}) { userErrors { code } } }'],
  // What a fragment hides is not looked up: no checkout is missed that names its field.
  ['account', 'query { ...hidden }'],
  ['checkout', 'mutation { placeOrder(input: {}) { userErrors { code } } }'],
  ['checkout', 'mutation { again: placeOrder(input: {}) { userErrors { code } } }'],
  ['checkout', '{ categories { name } order(id: "a") { status } }'],
])('%s: %s', (expected, document) => {
  expect(classOf(operationOf(document))).toBe(expected)
})

test('every field that has a class by name is in the graph', () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'))
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const names = new Set(roots.flatMap((root) => Object.keys(root?.getFields() ?? {})))
  expect(namedRootFields.filter((name) => !name.startsWith('__') && !names.has(name))).toEqual([])
})
