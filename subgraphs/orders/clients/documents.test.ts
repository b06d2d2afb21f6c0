import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import * as documents from './documents.ts'

const operations: readonly (readonly [string, string, string])[] = [
  ['cartForCheckout', 'cart', documents.cartForCheckout],
  ['closeCart', 'cart', documents.closeCart],
  ['provedBuyer', 'users', documents.provedBuyer],
  ['variants', 'products', documents.variants],
  ['quote', 'pricing', documents.quote],
  ['holdStock', 'products', documents.holdStock],
  ['claimStock', 'products', documents.claimStock],
  ['releaseStock', 'products', documents.releaseStock],
  ['restockStock', 'products', documents.restockStock],
  ['paymentProviders', 'payments', documents.paymentProviders],
  ['authorizePayment', 'payments', documents.authorizePayment],
  ['capturePayment', 'payments', documents.capturePayment],
  ['cancelPayment', 'payments', documents.cancelPayment],
]

const schemaOf = async (subgraph: string) => {
  const path = join(import.meta.dirname, `../../../schema/subgraphs/${subgraph}.graphql`)
  return buildSubgraphSchema(parse(await readFile(path, 'utf8')))
}

test.each(operations)('the operation %s is valid for %s', async (_, subgraph, document) => {
  expect(validate(await schemaOf(subgraph), parse(document))).toEqual([])
})

test('no operation is left out', () => {
  expect(operations.map(([, , document]) => document).sort()).toEqual(Object.values(documents).sort())
})
