import { describe, expect, it } from 'vitest'
import { normaliseEmail } from '#kernel/email.ts'
import { emailProblems, localPart } from './email.ts'

const field = ['input', 'email']
const problemsOf = (text: string) => emailProblems(normaliseEmail(text), field)

describe('e-mail addresses', () => {
  it.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ['ada+shop@mail.example.org', 'ada+shop@mail.example.org'],
    ['ÄNNE@bücher.example', 'änne@bücher.example'],
    ['A\u0308nne@example.org', 'änne@example.org'],
  ])('given %j, when normalised, then it is %j and accepted', (given, normalised) => {
    expect(normaliseEmail(given)).toBe(normalised)
    expect(problemsOf(given)).toEqual([])
  })

  it.each([
    '',
    '   ',
    'ada',
    '@example.org',
    'ada@',
    'ada@localhost',
    'ada@example..org',
    'ada@-example.org',
    'ada@exam ple.org',
    'ada lovelace@example.org',
    'ada@b@example.org',
    '<ada@example.org>',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada\u0000@example.org',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(64)}.org`,
    `ada@${'abcdefghi.'.repeat(25)}org`,
  ])('given %j, when checked, then BAD_USER_INPUT names the field', (text) => {
    expect(problemsOf(text)).toMatchObject([{ code: 'BAD_USER_INPUT', field }])
  })

  it('given the longest address, when checked, then it is accepted, and refused with one octet more', () => {
    const ofLength = (length: number) => {
      const domain = `${'abcdefgh.'.repeat(30)}`.slice(0, length - 64 - 1 - 4)
      return `${'a'.repeat(64)}@${domain.replace(/\.$/, 'x')}.org`
    }
    expect(ofLength(254)).toHaveLength(254)
    expect(problemsOf(ofLength(254))).toEqual([])
    expect(problemsOf(ofLength(255))).toHaveLength(1)
  })

  it('given hostile text of 100,000 characters, when checked, then it is refused at once', () => {
    const started = process.cpuUsage()
    for (const text of [
      'a'.repeat(100_000),
      '@'.repeat(100_000),
      `a@${'a.'.repeat(50_000)}`,
      `a@${'-'.repeat(100_000)}`,
    ]) {
      expect(problemsOf(text)).toHaveLength(1)
    }
    expect(process.cpuUsage(started).user).toBeLessThan(500_000)
  })

  it('given an address, when split, then the local part is what stands before the last @', () => {
    expect(localPart('ada@example.org')).toBe('ada')
    expect(localPart('no address')).toBe('')
  })
})
