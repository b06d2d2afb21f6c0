import { describe, expect, it } from 'vitest'
import { days } from '#kernel/time.ts'
import { anonymous, type Viewer } from '#platform/auth.ts'
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
import type { SignUpPayload, VerifyEmailPayload } from './schema.generated.ts'

const start = () => startUsers({ config: { confirmEmailFirst: true, attemptsPerAddress: 1_000_000 } })

const tokens = 'session { accessToken refreshToken } viewer { id kind email name isEmailVerified }'

const signUp = (users: Users, input: object = ada, viewer: Viewer = anonymous) =>
  users.run<SignUpPayload>(viewer, 'signUp', `${tokens} confirmationSent userErrors { code field }`, input)

const verify = (users: Users, token: string, viewer: Viewer = anonymous) =>
  users.run<VerifyEmailPayload>(viewer, 'verifyEmail', `verified ${tokens} userErrors { code field }`, { token })

const sent = { session: null, viewer: null, confirmationSent: true, userErrors: [] }
const tokenInvalid = {
  verified: false,
  session: null,
  viewer: null,
  userErrors: [{ code: 'TOKEN_INVALID', field: ['input', 'token'] }],
}

/** Ada has an account. */
const withAda = async () => {
  const users = await start()
  await signUp(users)
  const confirmed = await verify(users, await tokenOf(users, 'SIGN_UP'))
  await mails(users)
  return { users, confirmed }
}

describe('signing up where addresses are confirmed first', () => {
  it('given a new address, when the token from the mail comes back, then there is an account, proved and signed in; before, signing in is a wrong password', async () => {
    const users = await start()
    expect(await signUp(users)).toEqual(sent)
    expect(await users.rows('accounts')).toEqual([])
    const early = await users.signIn()
    expect(early).toEqual(await users.signIn({ email: 'nobody@example.org', password }))
    expect(early.userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }])
    const [mail] = await mails(users)
    expect(mail).toMatchObject({ kind: 'SIGN_UP', to: 'ada@example.org', name: 'Ada' })
    const confirmed = await verify(users, mail!.token)
    const expected = { kind: 'USER', email: 'ada@example.org', name: 'Ada', isEmailVerified: true }
    expect(confirmed).toMatchObject({ verified: true, viewer: expected, userErrors: [] })
    expect(await users.state(viewerOf({ session: confirmed.session! }))).toMatchObject({ active: true })
    expect((await users.signIn()).userErrors).toEqual([])
    const facts = (await users.rows('accounts'))[0]!.outbox.map(({ type }: { type: string }) => type)
    expect(facts).toEqual(['AccountCreated', 'EmailVerified'])
    expect((await users.acts()).map(({ action }) => action)).toContain('SIGNED_UP')
    expect(await users.rows('signUps')).toEqual([])
  })

  it('given a known and a new address, then answer and work are the same, and only their mails differ (threat: enumeration)', async () => {
    const { users } = await withAda()
    users.deps.operations.length = 0
    const known = await signUp(users, { ...ada, password: 'another-lantern-7' })
    const forKnown = users.deps.operations.splice(0)
    const fresh = await signUp(users, { ...ada, email: 'eve@example.org' })
    expect(fresh).toEqual(known)
    expect(users.deps.operations.splice(0)).toEqual(forKnown)
    const due = (await mails(users)).map(({ kind, to }) => `${kind} ${to}`)
    expect(due.sort()).toEqual(['SIGN_UP eve@example.org', 'SIGN_UP_KNOWN ada@example.org'])
    expect((await users.signIn()).userErrors).toEqual([])
    expect((await users.signIn({ email: ada.email, password: 'another-lantern-7' })).session).toBeNull()
    const stored = (await users.rows('signUps')).find(({ email }) => email === 'ada@example.org')
    expect(stored).toMatchObject({ passwordHash: '', token: null })
  })

  it('given faults in the input, then they are told, and nothing is written', async () => {
    const users = await start()
    const { userErrors, confirmationSent } = await signUp(users, { email: 'ada', password: 'short', name: '' })
    expect(userErrors).toHaveLength(3)
    expect(confirmationSent).toBe(false)
    expect(await users.rows('signUps')).toEqual([])
  })

  it('given a guest who signs up, when the address is confirmed elsewhere, then the guest comes along and ends', async () => {
    const users = await start()
    const guest = await users.guest()
    await signUp(users, ada, viewerOf(guest))
    expect(await users.state(viewerOf(guest))).toMatchObject({ active: true })
    const { session, viewer } = await verify(users, await tokenOf(users, 'SIGN_UP'))
    expect(viewerOf({ session: session! })).toMatchObject({ guestId: guest.viewer!.id })
    expect(await users.state(viewerOf(guest))).toMatchObject({ active: false })
    const row = (await users.rows('sessions')).find(({ subject }) => subject.accountId === viewer!.id)
    expect(row?.outbox[0]).toMatchObject({ type: 'GuestBecameUser', payload: { guestId: guest.viewer!.id } })
  })

  it('given a guest who became somebody else meanwhile, then the new account does not get the guest', async () => {
    const { users } = await withAda()
    const guest = viewerOf(await users.guest())
    await signUp(users, { ...ada, email: 'eve@example.org' }, guest)
    await users.signIn(undefined, guest)
    const { session } = await verify(users, await tokenOf(users, 'SIGN_UP'))
    expect(viewerOf({ session: session! })).not.toHaveProperty('guestId', expect.any(String))
  })

  it('given two sign-ups for one address, when both tokens are used five times at once on two instances, then one account exists, and its password is that of its token', async () => {
    const users = await start()
    const second = await startSecond(users)
    for (const each of [password, 'another-lantern-7']) await signUp(users, { ...ada, password: each })
    const [one, other] = (await mails(users)).map(({ token }) => token)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => verify(n % 2 ? second : users, n < 5 ? one! : other!)),
    )
    expect(answers.filter(({ verified }) => verified)).toHaveLength(1)
    for (const answer of answers.filter(({ verified }) => !verified)) expect(answer).toEqual(tokenInvalid)
    expect(await users.rows('accounts')).toHaveLength(1)
    const winner = answers.findIndex(({ verified }) => verified) < 5 ? 0 : 1
    const [good, bad] = winner === 0 ? [password, 'another-lantern-7'] : ['another-lantern-7', password]
    expect((await users.signIn({ email: ada.email, password: good })).userErrors).toEqual([])
    expect((await users.signIn({ email: ada.email, password: bad })).session).toBeNull()
  })

  it('given a token, when it is a day old or was altered, then there is no account', async () => {
    const users = await start()
    await signUp(users)
    const token = await tokenOf(users, 'SIGN_UP')
    expect(await verify(users, `${token.slice(0, 22)}.${'a'.repeat(43)}`)).toEqual(tokenInvalid)
    users.clock.advance(days(1))
    expect(await verify(users, token)).toEqual(tokenInvalid)
    expect(await users.rows('accounts')).toEqual([])
  })

  it('given the same fact delivered again, then there is one mail (R7)', async () => {
    const users = await start()
    await signUp(users)
    const source = users.subgraph.parts.outboxes!.find(({ name }) => name === 'signUps')!
    const [event] = await source.pending(1)
    const consumer = users.subgraph.parts.consumers!.find(({ name }) => name === 'users.answerSignUp')!
    for (const _ of Array(3)) await consumer.on.SignUpRequested!(event!)
    expect(await mails(users)).toHaveLength(1)
  })

  it('given 60 known and 60 new addresses, when signing up, then they take the same time within 5 ms or 5 % (threat: enumeration)', async () => {
    const { users } = await withAda()
    const [row] = await users.rows('accounts')
    const copies = Array.from({ length: 60 }, (_, n) => ({
      ...row,
      _id: `${row!._id}${n}` as never,
      email: `known${n}@example.org`,
      outbox: [],
    }))
    await users.deps.database.collection('accounts').insertMany(copies as never)
    const { difference, bar, text } = await medianDifference(60, {
      known: (n) => signUp(users, { ...ada, email: `known${n}@example.org` }),
      unknown: (n) => signUp(users, { ...ada, email: `other${n}@example.org` }),
    })
    expect(difference, text).toBeLessThan(bar)
  }, 60_000)
})
