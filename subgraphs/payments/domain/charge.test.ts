import { describe, expect, it } from 'vitest'
import { money } from '#kernel/money.ts'
import { answerTo, type Charge, captureCharge, confirmCharge, openCharge, refundCharge, voidCharge } from './charge.ts'

const amount = money(1_000, 'EUR')
const open = (token = 'tok_ok') => openCharge('ch_1', { key: 'a', amount, token }, 1)
const captured = () => captureCharge(open(), { key: 'c', amount }, 2)
const codeOf = (charge: Charge, key: string): string | null => {
  const answer = answerTo(charge, key)
  return answer?.kind === 'refused' ? answer.code : null
}

describe('the books of the sandbox', () => {
  it('given a good token, then the amount is reserved, taken and given back, each as a movement', () => {
    const charge = refundCharge(captured(), { key: 'r', amount: money(400, 'EUR') }, 3)
    expect(charge.movements.map(({ kind }) => kind)).toEqual(['AUTHORIZE', 'CAPTURE', 'REFUND'])
    expect(charge.refunded).toEqual(money(400, 'EUR'))
  })

  it('given a key it has answered, then it does nothing and has the same answer', () => {
    const charge = captured()
    expect(captureCharge(charge, { key: 'c', amount }, 9)).toBe(charge)
    expect(answerTo(charge, 'c')).toEqual({ kind: 'succeeded', reference: 'ch_1' })
    expect(answerTo(charge, 'unknown')).toBeNull()
  })

  it('given a token it does not know, then it refuses with invalid_token', () => {
    expect(codeOf(open('tok_x'), 'a')).toBe('invalid_token')
    expect(open('tok_x').movements).toEqual([])
  })

  it('given it asked the buyer, then nothing is reserved before the confirmation, and it can be ended', () => {
    const waiting = open('tok_requires_action')
    expect(waiting.movements).toEqual([])
    expect(confirmCharge(waiting, { key: 'k', amount }, 2).movements).toMatchObject([{ kind: 'AUTHORIZE' }])
    expect(voidCharge(waiting, { key: 'v', amount }, 2)).toMatchObject({ state: 'voided', movements: [] })
  })

  it.each<[string, () => Charge, string]>([
    ['a capture of what is captured', () => captureCharge(captured(), { key: 'x', amount }, 3), 'not_authorized'],
    [
      'a capture of another amount',
      () => captureCharge(open(), { key: 'x', amount: money(1, 'EUR') }, 3),
      'not_authorized',
    ],
    ['a void of what is captured', () => voidCharge(captured(), { key: 'x', amount }, 3), 'not_authorized'],
    ['a refund of what is only reserved', () => refundCharge(open(), { key: 'x', amount }, 3), 'not_refundable'],
    [
      'a refund above the capture',
      () => refundCharge(captured(), { key: 'x', amount: money(1_001, 'EUR') }, 3),
      'not_refundable',
    ],
    ['a confirmation of what did not wait', () => confirmCharge(open(), { key: 'x', amount }, 3), 'not_waiting'],
  ])('refuses %s', (_, act, code) => {
    expect(codeOf(act(), 'x')).toBe(code)
  })
})
