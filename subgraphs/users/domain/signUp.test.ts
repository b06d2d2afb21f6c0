import { describe, expect, test } from 'vitest'
import { days } from '#kernel/time.ts'
import { answerSignUp, confirms, type SignUp } from './signUp.ts'

const asked: SignUp = {
  _id: 'usr_1',
  v: 1,
  email: 'ada@example.org',
  name: 'Ada',
  passwordHash: 'phc',
  guest: null,
  isAnswered: false,
  token: null,
}
const made = { id: 'token', purpose: 'VERIFY_EMAIL', hash: 'hash' } as const

describe('signing up with a confirmation', () => {
  test('given a new address, when it is answered, then its token confirms for a day, once it is made', () => {
    const answered = answerSignUp(asked, made, 1_000)
    expect(confirms(asked, made, 1_000)).toBe(false)
    expect(confirms(answered, made, 1_000 + days(1) - 1)).toBe(true)
    expect(confirms(answered, made, 1_000 + days(1))).toBe(false)
    expect(confirms(answered, { id: 'token', hash: 'another' }, 1_000)).toBe(false)
    expect(answerSignUp(answered, { ...made, id: 'second' }, 2_000)).toBe(answered)
  })

  test('given a known address, when it is answered, then nothing confirms it and its password is forgotten', () => {
    const answered = answerSignUp(asked, null, 1_000)
    expect(answered).toMatchObject({ isAnswered: true, token: null, passwordHash: '' })
    expect(confirms(answered, made, 1_000)).toBe(false)
  })
})
