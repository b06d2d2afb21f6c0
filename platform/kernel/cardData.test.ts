import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardDataProblems, maskCardData } from './cardData.ts'

describe('card data (threats: card data)', () => {
  // Test numbers that the card schemes publish.
  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '378282246310005',
    'my card is 6011000990139424, thanks',
    'cvv: 123',
    'CVC2 1234',
  ])('given %j, then it is masked, and refused without being repeated', (text) => {
    expect(maskCardData(text)).toContain('[card data]')
    expect(maskCardData(text)).not.toMatch(/\d{4}/)
    expect(cardDataProblems([[text, ['input', 'token']]])).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'token'], message: expect.not.stringContaining(text) },
    ])
  })

  it.each([
    'tok_ok',
    '4111',
    '4111111111111112',
    '2026-11-22T10:15:30',
    'ord_01M81K0C59JHN6HHYFH0GAS3E1',
    '0176 1234567',
    // Its end passes the check of a card number.
    'a1b2c3d4-e5f6-4abc-8000-100000000001',
  ])('given %j, then it is left alone', (text) => {
    expect(maskCardData(text)).toBe(text)
    expect(cardDataProblems([[text, ['input', 'token']]])).toEqual([])
  })

  it('masks what is masked already in the same way', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('4', '1', '0', ' ', '-', 'cvv', 'x') }), (text) => {
        expect(maskCardData(maskCardData(text))).toBe(maskCardData(text))
      }),
    )
  })
})
