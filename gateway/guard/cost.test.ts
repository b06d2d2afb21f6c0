import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, getOperationAST, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { actualCost, estimate } from './cost.ts'
import { readCostRules } from './costRules.ts'
import { makeCostTree, type Variables } from './costTree.ts'
import { attempts, limits } from './limits.ts'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../../schema', path), 'utf8')
const schema = buildSchema(read('api.graphql'))
const rules = readCostRules(read('supergraph.graphql'))

const treeOf = (text: string) => {
  const document = parse(text, { noLocation: true })
  const operation = getOperationAST(document)
  if (!operation) throw new Error('there is no operation')
  return makeCostTree({ schema, rules, document, operation })
}
const costOf = (text: string, variables: Variables = {}) => estimate(treeOf(text), variables).cost

describe('what an operation may cost (parameters table: cost)', () => {
  test.each<[string, number, string]>([
    ['{ __typename }', 0, 'nothing'],
    ['{ viewer { id kind } }', 1, 'an object'],
    ['{ viewer { id kind kind: kind } }', 1, 'a field that is there twice'],
    [
      '{ viewer { id } viewer { addresses { address { city } } } }',
      1 + 5,
      'merged fields, and a list that says nothing; what is written inside another is free',
    ],
    ['{ products(first: 10) { nodes { id } } }', 1 + 10, 'a page'],
    [
      '{ products(first: 10) { nodes { id } edges { node { id } } pageInfo { hasNextPage } } }',
      1 + 10 + 10,
      'a page twice; edges are free',
    ],
    ['{ products(first: 10) { nodes { variants { sku } } } }', 1 + 10 * (1 + 4), 'a list with an assumed size'],
    ['{ products(first: 100) { ...N } } fragment N on ProductConnection { nodes { id } }', 101, 'a page by a fragment'],
    ['{ a: products(first: 10) { nodes { id } } b: products(first: 5) { nodes { id } } }', 17, 'aliases'],
    ['{ products(first: 10) { nodes { tags } } }', 11, 'scalars'],
    ['{ products(first: 5000000) { nodes { id } } }', 101, 'no more than a page'],
    ['{ products(first: -5) { nodes { id } } }', 1, 'less than nothing'],
    ['{ products(first: 10) @include(if: false) { nodes { id } } }', 11, 'what is skipped, all the same'],
    [
      'mutation { continueAsGuest { viewer { id } userErrors { code } } }',
      10 + 1 + 1,
      'a mutation; its userErrors are free',
    ],
    ['subscription { cartUpdated { seq } }', 1, 'a subscription'],
  ])('%s: %i for %s', (text, cost) => {
    expect(costOf(text)).toBe(cost)
  })

  test('pages by variables: the value, else the default, else the usual list', () => {
    const text = (declared: string) => `query ($n: Int${declared}) { products(first: $n) { nodes { id } } }`
    expect(costOf(text('!'), { n: 30 })).toBe(31)
    expect(costOf(text(' = 20'))).toBe(21)
    expect(costOf(text(' = 20'), { n: 3 })).toBe(4)
    expect(costOf(text('!'), { n: 'many' })).toBe(6)
  })

  test('objects are counted beside', () => {
    expect(estimate(treeOf('{ products(first: 100) { nodes { variants { id } } } }'), {}).nodes).toBe(1 + 100 * 5)
  })
})

describe('what an operation has cost', () => {
  test('by the objects in its answer', () => {
    const tree = treeOf('{ products(first: 10) { nodes { title variants { sku } } } viewer { id } }')
    const nodes = [
      { title: 'a', variants: [{ sku: '1' }, { sku: '2' }] },
      { title: 'b', variants: [] },
    ]
    expect(actualCost(tree, { products: { nodes }, viewer: { id: null } })).toBe(1 + 2 + 2 + 1)
  })

  test('what is null or missing costs nothing; a mutation that ran costs as one', () => {
    const tree = treeOf('mutation { continueAsGuest { viewer { id } userErrors { code } } }')
    expect(actualCost(tree, null)).toBe(0)
    expect(actualCost(tree, { continueAsGuest: { viewer: null, userErrors: [{ code: 'X' }] } })).toBe(11)
  })

  test('never more than it may cost, when pages keep their size', () => {
    const tree = treeOf('{ products(first: 2) { nodes { id } pageInfo { hasNextPage } } }')
    const data = { products: { nodes: [{ id: '1' }, { id: '2' }], pageInfo: { hasNextPage: false } } }
    expect(actualCost(tree, data)).toBe(estimate(tree, {}).cost)
  })
})

test('every field that counts as an attempt is a mutation of the graph', () => {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {})
  expect([...attempts].filter((name) => !mutations.includes(name))).toEqual([])
})

test('a page of a shop, with prices and availability, is well below the limit', () => {
  const page = `{ products(first: 40) { nodes { id slug title media { url } seller { shopName }
    variants { id sku price { amount { amount } } availability { left } } } pageInfo { endCursor } } }`
  expect(costOf(page)).toBeLessThanOrEqual(limits.cost)
})
