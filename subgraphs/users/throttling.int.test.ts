import { describe, expect, it } from 'vitest'
import { minutes, seconds } from '#kernel/time.ts'
import { anonymous } from '#platform/auth.ts'
import {
  ada,
  mails,
  medianDifference,
  password,
  startSecond,
  startUsers,
  tokenOf,
  type Users,
  viewerOf,
} from '../../tests/users.ts'
import { makeAttemptModel } from './model/attempts.ts'

const clientAt = (address: string) => ({ address, userAgent: 'Browser/1' })
const home = clientAt('203.0.113.7')
const stranger = clientAt('198.51.100.66')

const codeOf = async (answer: Promise<{ userErrors: readonly { code: string }[] }>): Promise<string> =>
  (await answer).userErrors[0]?.code ?? 'GOOD'

const guess = (users: Users, client = stranger, email = ada.email) =>
  codeOf(users.signIn({ email, password: 'a wrong password' }, anonymous, client))

const times = async <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = []
  for (let n = 0; n < count; n++) results.push(await work(n))
  return results
}

describe('guessing at one account (threat: credential stuffing)', () => {
  it('given 5 wrong passwords, when more come, then each has to wait 1, 2, 4 s ..., for a known and an unknown address alike', async () => {
    const users = await startUsers()
    await users.signUp()
    const course = async (email: string) => {
      const free = await times(5, () => guess(users, stranger, email))
      const slow = await times(4, async (n) => {
        const early = await guess(users, stranger, email)
        users.clock.advance(seconds(2 ** n))
        return [early, await guess(users, stranger, email)]
      })
      return { free, slow }
    }
    const known = await course(ada.email)
    expect(known.free).toEqual(Array(5).fill('INVALID_CREDENTIALS'))
    expect(known.slow).toEqual(Array(4).fill(['RATE_LIMITED', 'INVALID_CREDENTIALS']))
    expect(await course('eve@example.org')).toEqual(known)
  })

  it('given 100 aliased sign-ins in one document, then each counts: 5 are tried (threat: alias batching)', async () => {
    const users = await startUsers()
    await users.signUp()
    const fields = Array.from(
      { length: 100 },
      (_, n) => `a${n}: signIn(input: { email: "${ada.email}", password: "wrong ${n}" }) { userErrors { code } }`,
    )
    const { data } = await users.ask(anonymous, `mutation { ${fields.join('\n')} }`, {}, stranger)
    const codes = Object.values(data as Record<string, { userErrors: { code: string }[] }>).map(
      (answer) => answer.userErrors[0]?.code,
    )
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(5)
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(95)
  })

  it('given a flood on an account, then its owner goes on: the live session works and refreshes, and signs in anew from home (threat: lockout)', async () => {
    const users = await startUsers()
    const live = await users.signUp(ada, anonymous, home)
    expect(await codeOf(users.signIn(undefined, anonymous, home))).toBe('GOOD')
    await times(30, (n) => guess(users, clientAt(`198.51.100.${n}`)))
    expect(await guess(users)).toBe('RATE_LIMITED')
    expect(await users.state(viewerOf(live))).toMatchObject({ active: true })
    expect((await users.refresh(live.session!.refreshToken)).userErrors).toEqual([])
    expect(await codeOf(users.signIn(undefined, anonymous, home))).toBe('GOOD')
    expect(await codeOf(users.signIn(undefined, anonymous, clientAt('192.0.2.1')))).toBe('RATE_LIMITED')
  })

  it('given a good sign-in after wrong ones, then the attempts begin anew', async () => {
    const users = await startUsers()
    await users.signUp()
    for (const _ of Array(3)) {
      await times(4, () => guess(users))
      expect(await codeOf(users.signIn(undefined, anonymous, stranger))).toBe('GOOD')
    }
  })

  it('given a stolen session, when its holder guesses the password to change it, then that slows down too', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    const change = () =>
      codeOf(
        users.run(viewer, 'changePassword', 'userErrors { code }', {
          currentPassword: 'a wrong password',
          newPassword: 'cobalt-otter-93',
        }),
      )
    const codes = await times(7, change)
    expect(codes).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), ...Array(2).fill('RATE_LIMITED')])
  })
})

describe('guessing slowly (threat: credential stuffing, NIST SP 800-63B)', () => {
  /** As many wrong passwords as strangers may try, each from another network and after the longest pause. */
  const guessedOut = async () => {
    const users = await startUsers()
    const live = await users.signUp(ada, anonymous, home)
    const codes = await times(100, async (n) => {
      users.clock.advance(minutes(15))
      return guess(users, clientAt(`198.51.100.${n}`))
    })
    expect(codes).toEqual(Array(100).fill('INVALID_CREDENTIALS'))
    users.clock.advance(minutes(15))
    const right = (client = stranger) => codeOf(users.signIn(undefined, anonymous, client))
    return { users, live, right }
  }

  it('given 100 failures in a row, however slow, then the right password is a wrong one for strangers; the owner goes on, and a sign-in from home ends it', async () => {
    const { users, live, right } = await guessedOut()
    const refused = await users.signIn(undefined, anonymous, stranger)
    users.clock.advance(minutes(15))
    expect(refused).toEqual(await users.signIn({ email: ada.email, password: 'a wrong one' }, anonymous, stranger))
    expect(await users.state(viewerOf(live))).toMatchObject({ active: true })
    expect((await users.refresh(live.session!.refreshToken)).userErrors).toEqual([])
    users.clock.advance(minutes(15))
    expect(await right()).toBe('INVALID_CREDENTIALS')
    expect(await right(home)).toBe('GOOD')
    users.clock.advance(minutes(15))
    expect(await right()).toBe('GOOD')
  }, 60_000)

  it('given 100 failures in a row, when the password is reset by mail, then it opens the account from everywhere', async () => {
    const { users } = await guessedOut()
    await mails(users)
    await users.run(anonymous, 'requestPasswordReset', 'accepted', { email: ada.email })
    const input = { token: await tokenOf(users, 'PASSWORD_RESET'), newPassword: 'cobalt-otter-93' }
    await users.run(anonymous, 'resetPassword', 'done', input)
    const signedIn = users.signIn({ email: ada.email, password: 'cobalt-otter-93' }, anonymous, stranger)
    expect(await codeOf(signedIn)).toBe('GOOD')
  }, 60_000)

  it('given 150 attempts at once in two processes, then 100 are tried: they count before anybody knows how they end', async () => {
    const users = await startUsers()
    const second = await startSecond(users)
    const [one, two] = [users, second].map(({ deps }) => makeAttemptModel(deps.database))
    const counted = await Promise.all(Array.from({ length: 150 }, (_, n) => (n % 2 ? one! : two!).count('usr_1', 100)))
    expect(counted.filter(Boolean)).toHaveLength(100)
    await one!.forget('usr_1')
    expect(await two!.count('usr_1', 100)).toBe(true)
  })

  it('given guesses at addresses without an account, then they leave a bounded number of rows', async () => {
    const users = await startUsers({ config: { attemptsPerAddress: 1_000_000 } })
    await Promise.all(Array.from({ length: 40 }, (_, n) => guess(users, stranger, `${'x'.repeat(n)}y@example.org`)))
    expect((await users.rows('attempts')).length).toBeLessThanOrEqual(16)
  })
})

describe('one network, many accounts (threat: spraying)', () => {
  it('given 100 new guests a minute from one network, then more are refused there and nowhere else', async () => {
    const users = await startUsers()
    const codes = await Promise.all(Array.from({ length: 105 }, () => codeOf(users.guest(stranger))))
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(5)
    expect(await codeOf(users.guest(home))).toBe('GOOD')
    expect(await users.rows('sessions')).toHaveLength(101)
  })

  it('given 30 times as many exchanges of refresh tokens a minute from one network as sign-ins, then more are refused there and nowhere else', async () => {
    const users = await startUsers({ config: { attemptsPerAddress: 2 } })
    const exchange = (n: number, client = stranger) =>
      codeOf(users.refresh(`${String(n).padStart(22, '0')}.${'a'.repeat(43)}`, client))
    const codes = await Promise.all(Array.from({ length: 65 }, (_, n) => exchange(n)))
    expect(codes.filter((code) => code === 'REFRESH_TOKEN_INVALID')).toHaveLength(60)
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(5)
    expect(await exchange(66, home)).toBe('REFRESH_TOKEN_INVALID')
  })

  it('given 20 attempts a minute from one network, then more are refused there, in all of its IPv6 addresses, and nowhere else', async () => {
    const users = await startUsers()
    const attempts = await times(25, (n) => guess(users, clientAt(`2001:db8:1:2::${n}`), `buyer${n}@example.org`))
    expect(attempts).toEqual([...Array(20).fill('INVALID_CREDENTIALS'), ...Array(5).fill('RATE_LIMITED')])
    expect(await guess(users, clientAt('2001:db8:1:3::1'))).toBe('INVALID_CREDENTIALS')
  })

  it('given 20 sign-ups a minute from one network, then more are refused before any work is done', async () => {
    const users = await startUsers()
    const signUp = (n: number) => codeOf(users.signUp({ ...ada, email: `b${n}@example.org` }, anonymous, stranger))
    expect(await times(20, signUp)).toEqual(Array(20).fill('GOOD'))
    users.deps.operations.length = 0
    expect(await signUp(21)).toBe('RATE_LIMITED')
    expect(users.deps.operations).toEqual([])
  })

  it('given 5 mails to one address within a quarter of an hour, then more are refused, whether or not it has an account', async () => {
    const users = await startUsers()
    await users.signUp()
    const request = (email: string) =>
      codeOf(users.run(anonymous, 'requestPasswordReset', 'userErrors { code }', { email }))
    for (const email of [ada.email, 'eve@example.org'])
      expect(await times(6, () => request(email))).toEqual([...Array(5).fill('GOOD'), 'RATE_LIMITED'])
  })

  it('given 100 exchanges of one refresh token family a minute, then more wait; other families go on', async () => {
    const users = await startUsers()
    const { session } = await users.guest()
    const exchange = () => codeOf(users.refresh(session!.refreshToken))
    const codes = await Promise.all(Array.from({ length: 101 }, exchange))
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(1)
    expect(await codeOf(users.refresh((await users.guest()).session!.refreshToken))).toBe('GOOD')
  })
})

/** Accounts that all have Ada's password: hashing it for each would only cost time. */
const multiply = async (users: Users, count: number): Promise<void> => {
  const [row] = await users.rows('accounts')
  const copies = Array.from({ length: count }, (_, n) => ({
    ...row,
    _id: `${row!._id}${n}` as never,
    email: `known${n}@example.org`,
    tokens: [],
    outbox: [],
  }))
  await users.deps.database.collection('accounts').insertMany(copies as never)
}

describe('known and unknown accounts take the same time (threat: enumeration)', () => {
  const cases = {
    'signing in': (users: Users, email: string) => guess(users, undefined, email),
    'asking for a new password': (users: Users, email: string) =>
      codeOf(users.run(anonymous, 'requestPasswordReset', 'userErrors { code }', { email })),
  }

  it.each(Object.entries(cases))(
    'given 200 known and 200 unknown addresses, when %s, then the medians lie within 5 ms or 5 %',
    async (_, attempt) => {
      const users = await startUsers({ config: { attemptsPerAddress: 1_000_000 } })
      await users.signUp()
      await multiply(users, 200)
      const { difference, bar, text } = await medianDifference(200, {
        known: (n) => attempt(users, `known${n}@example.org`),
        unknown: (n) => attempt(users, `other${n}@example.org`),
      })
      expect(difference, text).toBeLessThan(bar)
    },
    120_000,
  )
})

it('given a good password, then its sign-in is not slowed by the limits themselves', async () => {
  const users = await startUsers()
  await users.signUp(ada, anonymous, home)
  expect(await times(8, () => codeOf(users.signIn({ email: ada.email, password }, anonymous, home)))).toEqual(
    Array(8).fill('GOOD'),
  )
})
