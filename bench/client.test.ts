import { describe, expect, test } from 'vitest'
import { complaintOf } from './client.ts'

describe('what counts as an error', () => {
  test('given data without complaints, then nothing', () => {
    expect(complaintOf({ data: { products: {}, cart: null, addCartLine: { userErrors: [] } } })).toBeNull()
  })

  test('given a GraphQL error, then its code and message, also beside data', () => {
    const errors = [{ message: 'Try again.', extensions: { code: 'UNAVAILABLE' } }]
    expect(complaintOf({ data: { products: null }, errors })).toBe('UNAVAILABLE: Try again.')
    expect(complaintOf({ errors: [{ message: 'odd' }] })).toBe('ERROR: odd')
  })

  test('given a refusal in a payload, then the mutation and the code', () => {
    expect(complaintOf({ data: { addCartLine: { userErrors: [{ code: 'OUT_OF_STOCK' }] } } })).toBe(
      'addCartLine: OUT_OF_STOCK',
    )
    expect(complaintOf({ data: { placeOrder: { userErrors: [{ code: 'NOT_SOLD', message: 'Gone.' }] } } })).toBe(
      'placeOrder: NOT_SOLD: Gone.',
    )
  })

  test('given no data at all, then that', () => {
    expect(complaintOf({ data: null })).toBe('the answer has no data')
  })
})
