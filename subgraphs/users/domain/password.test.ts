import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPossiblePassword, normalisePassword, passwordProblems } from './password.ts'
import { wellKnownPasswords } from './wellKnownPasswords.ts'

const ada = { email: 'ada.lovelace@example.org', name: 'Ada Lovelace' }
const problemsOf = (password: string, context = ada) => passwordProblems(normalisePassword(password), context)
const weak = [{ code: 'PASSWORD_TOO_WEAK', field: ['input', 'password'] }]

describe('passwords', () => {
  it.each([
    'correct horse battery staple',
    'grue-lantern-41',
    'zwölf Boxkämpfer',
    '839201746625',
    'ALLCAPITALSNODIGITS',
    `${'\u{1F98A}'.repeat(3)}nine more`,
    `${'long '.repeat(25)}end`,
  ])('given %j, then it is accepted: no composition rules (ASVS 6.2.5)', (password) => {
    expect(problemsOf(password)).toEqual([])
  })

  it.each(['', 'elevenchars', '\u{1F98A}'.repeat(11), 'x1'.repeat(65)])(
    'given %j, whose length is out of bounds in characters, then it is refused',
    (password) => expect(problemsOf(password)).toMatchObject(weak),
  )

  it.each(['password1234', 'PassWord1234', 'qwertyuiop123', 'passwordpassword', 'Welcome2026!', 'youllneverwalkalone'])(
    'given the well-known %j, then it is refused whatever its case',
    (password) => expect(problemsOf(password)).toMatchObject(weak),
  )

  it.each([
    'aaaaaaaaaaaa',
    'ababababababab',
    'abcdabcdabcd',
    '123412341234',
    '1234567890123',
    'ZYXWVUTSRQPO',
    'qwertyuiop[]',
    '!@#$%^&*()_+',
  ])('given %j, a repetition or a run of keys, then it is refused', (password) =>
    expect(problemsOf(password)).toMatchObject(weak),
  )

  it.each([
    'adalovelace12',
    'Ada Lovelace!',
    'Lovelace-1843',
    'emporion12345',
    'EmporionEmporion',
    'ada.lovelace@example.org',
    'lovelace.emporion',
  ])('given %j, hardly more than context words, then it is refused', (password) => {
    expect(problemsOf(password)).toMatchObject(weak)
  })

  it('given a context word in a password that stands without it, then it is accepted', () => {
    expect(problemsOf('lovelace weaves algebra')).toEqual([])
  })

  it('given a short name, then it does not count as a context word', () => {
    expect(problemsOf('alpine-meadow', { email: 'al@example.org', name: 'Al' })).toEqual([])
  })

  it('given any refused password, then the message does not repeat it', () => {
    const refused = fc.constantFrom(...wellKnownPasswords)
    fc.assert(
      fc.property(refused, (password) => !JSON.stringify(problemsOf(password)).toLowerCase().includes(password)),
    )
  })

  it('given composed and decomposed letters, when normalised, then they are the same password', () => {
    expect(normalisePassword('zwo\u0308lf Boxka\u0308mpfer')).toBe(normalisePassword('zwölf Boxkämpfer'))
  })

  it('given a text no password can be, when asked, then it is not worth hashing', () => {
    expect(isPossiblePassword('x'.repeat(128))).toBe(true)
    expect(isPossiblePassword('\u{1F98A}'.repeat(128))).toBe(true)
    expect(isPossiblePassword('x'.repeat(129))).toBe(false)
    expect(isPossiblePassword('x'.repeat(1_000_000))).toBe(false)
  })

  it('given the list of well-known passwords, then it holds hundreds, each in the form that is compared and long enough to matter', () => {
    expect(wellKnownPasswords.size).toBeGreaterThan(400)
    for (const password of wellKnownPasswords) {
      expect(password).toBe(normalisePassword(password).toLowerCase())
      expect([...password].length).toBeGreaterThanOrEqual(12)
    }
  })
})
