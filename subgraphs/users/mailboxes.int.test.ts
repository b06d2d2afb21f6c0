import { describe, expect, it } from 'vitest'
import { hours, minutes } from '#kernel/time.ts'
import { anonymous, service, type Viewer } from '#platform/auth.ts'
import { makeLog } from '#platform/log.ts'
import {
  ada,
  invalidToken,
  mails,
  password,
  startSecond,
  startUsers,
  tokenOf,
  type Users,
  viewerOf,
} from '../../tests/users.ts'

const newPassword = 'cobalt-otter-93'

type Payload = { accepted?: boolean; done?: boolean; verified?: boolean; userErrors: object[] }

const requestReset = (users: Users, email: string) =>
  users.run<Payload>(anonymous, 'requestPasswordReset', 'accepted userErrors { code field }', { email })

const reset = (users: Users, token: string, next = newPassword) =>
  users.run<Payload>(anonymous, 'resetPassword', 'done userErrors { code field }', { token, newPassword: next })

const verifyEmail = (users: Users, token: string) =>
  users.run<Payload>(anonymous, 'verifyEmail', 'verified userErrors { code field }', { token })

const tokenInvalid = [{ code: 'TOKEN_INVALID', field: ['input', 'token'] }]

describe('resetting a password', () => {
  it('given a forgotten password, when reset with the token from the mail, then all sessions end and only the new password signs in', async () => {
    const users = await startUsers()
    const signedUp = await users.signUp()
    await mails(users)
    expect(await requestReset(users, ' ADA@example.org')).toEqual({ accepted: true, userErrors: [] })
    const [mail] = await mails(users)
    expect(mail).toEqual({ kind: 'PASSWORD_RESET', to: 'ada@example.org', name: 'Ada', token: expect.any(String) })
    expect(await reset(users, mail!.token)).toEqual({ done: true, userErrors: [] })
    expect(await users.state(viewerOf(signedUp))).toMatchObject({ active: false })
    expect(await users.refresh(signedUp.session!.refreshToken)).toEqual(invalidToken)
    expect((await users.signIn()).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }])
    const signedIn = await users.signIn({ email: ada.email, password: newPassword })
    expect(signedIn.userErrors).toEqual([])
    expect((await mails(users)).map(({ kind }) => kind)).toEqual(['PASSWORD_CHANGED'])
    const { data } = await users.ask(viewerOf(signedIn), '{ viewer { isEmailVerified } }')
    expect(data?.viewer).toEqual({ isEmailVerified: true })
    const acts = (await users.acts()).map(({ action }) => action)
    expect(acts.filter((action) => action.startsWith('PASSWORD'))).toEqual([
      'PASSWORD_RESET_REQUESTED',
      'PASSWORD_RESET',
    ])
  })

  it('given an unknown address, then answer and work are those for a known one, and no mail is due (threat: enumeration)', async () => {
    const users = await startUsers()
    await users.signUp()
    await mails(users)
    users.deps.operations.length = 0
    const known = await requestReset(users, ada.email)
    const forKnown = users.deps.operations.splice(0)
    const unknown = await requestReset(users, 'eve@example.org')
    expect(unknown).toEqual(known)
    expect(users.deps.operations.splice(0)).toEqual(forKnown)
    expect((await mails(users)).map(({ to }) => to)).toEqual(['ada@example.org'])
    expect(await users.rows('resetRequests')).toEqual([])
    expect((await requestReset(users, 'no address')).userErrors).toEqual([
      { code: 'BAD_USER_INPUT', field: ['input', 'email'] },
    ])
  })

  it('given a token, when it was used, has expired or is for something else, then it works no more and nothing changes', async () => {
    const users = await startUsers()
    await users.signUp()
    const toVerify = await tokenOf(users, 'VERIFY_EMAIL')
    await requestReset(users, ada.email)
    const late = await tokenOf(users, 'PASSWORD_RESET')
    for (const wrong of [toVerify, `${late.slice(0, 22)}.${'a'.repeat(43)}`, '', late.slice(0, -1)])
      expect(await reset(users, wrong)).toEqual({ done: false, userErrors: tokenInvalid })
    users.clock.advance(minutes(10))
    expect(await reset(users, late)).toEqual({ done: false, userErrors: tokenInvalid })
    expect((await users.signIn()).userErrors).toEqual([])
    await requestReset(users, ada.email)
    const good = await tokenOf(users, 'PASSWORD_RESET')
    const weak = await reset(users, good, 'ada-emporion')
    expect(weak.userErrors).toEqual([{ code: 'PASSWORD_TOO_WEAK', field: ['input', 'newPassword'] }])
    expect((await reset(users, good)).done).toBe(true)
    expect(await reset(users, good, 'marble-heron-28')).toEqual({ done: false, userErrors: tokenInvalid })
  })

  it('given one token used five times at once on two instances, then one new password is set', async () => {
    const users = await startUsers()
    const second = await startSecond(users)
    await users.signUp()
    await mails(users)
    await requestReset(users, ada.email)
    const token = await tokenOf(users, 'PASSWORD_RESET')
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_, n) => reset(n % 2 ? second : users, token, `cobalt-otter-9${n}`)),
    )
    expect(outcomes.filter(({ done }) => done)).toHaveLength(1)
    const winner = outcomes.findIndex(({ done }) => done)
    expect((await users.signIn({ email: ada.email, password: `cobalt-otter-9${winner}` })).userErrors).toEqual([])
  })

  it('given the same request delivered twice, then there is one token and one mail (R7)', async () => {
    const users = await startUsers()
    await users.signUp()
    await mails(users)
    await requestReset(users, ada.email)
    const source = users.subgraph.parts.outboxes!.find(({ name }) => name === 'resetRequests')!
    const [event] = await source.pending(1)
    const rows = await users.deps.database.collection('resetRequests').find({}).toArray()
    const consumer = users.subgraph.parts.consumers!.find(({ name }) => name === 'users.issueResetToken')!
    await consumer.on.PasswordResetRequested!(event!)
    // As if the process had died before the request was removed.
    await users.deps.database.collection('resetRequests').insertMany(rows)
    await consumer.on.PasswordResetRequested!(event!)
    expect((await mails(users)).filter(({ kind }) => kind === 'PASSWORD_RESET')).toHaveLength(1)
  })
})

describe('proving an address', () => {
  it('given a sign-up, when the token from the mail is given back, then the address is proved, once, and the fact goes out', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    const isVerified = async () => (await users.ask(viewer, '{ viewer { isEmailVerified } }')).data?.viewer
    expect(await isVerified()).toEqual({ isEmailVerified: false })
    const token = await tokenOf(users, 'VERIFY_EMAIL')
    users.clock.advance(hours(24) - 1)
    expect(await verifyEmail(users, token)).toEqual({ verified: true, userErrors: [] })
    expect(await isVerified()).toEqual({ isEmailVerified: true })
    const [account] = await users.rows('accounts')
    expect(account?.outbox).toMatchObject([{ type: 'EmailVerified' }, { payload: { action: 'EMAIL_VERIFIED' } }])
    expect(await verifyEmail(users, token)).toEqual({ verified: false, userErrors: tokenInvalid })
  })

  it('given an expired token, when another mail is asked for, then that one works; a proved address gets none', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    const first = await tokenOf(users, 'VERIFY_EMAIL')
    users.clock.advance(hours(24))
    expect((await verifyEmail(users, first)).verified).toBe(false)
    const again = () => users.run<Payload>(viewer, 'requestEmailVerification', 'accepted userErrors { code }')
    expect(await again()).toEqual({ accepted: true, userErrors: [] })
    expect((await verifyEmail(users, await tokenOf(users, 'VERIFY_EMAIL'))).verified).toBe(true)
    expect((await again()).accepted).toBe(true)
    expect(await mails(users)).toEqual([])
  })
})

describe('what mails need', () => {
  it('given anybody but the workers, then a mailing with its token is not there for them', async () => {
    const users = await startUsers()
    const owner = viewerOf(await users.signUp()) as Extract<Viewer, { kind: 'user' }>
    const token = (await users.rows('accounts'))[0]!.tokens[0].id
    const query =
      'query ($accountId: ID!, $tokenId: ID) { mailing(accountId: $accountId, tokenId: $tokenId) { token } }'
    for (const viewer of [owner, { ...owner, roles: ['ADMIN'] }, anonymous, service('gateway')] as Viewer[]) {
      const { data, errors } = await users.ask(viewer, query, { accountId: owner.id, tokenId: token })
      expect(data?.mailing ?? null).toBeNull()
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
  })

  it('given tokens and passwords, then none is in a stored document, a fact or a log line (threat: privacy)', async () => {
    const lines: string[] = []
    const users = await startUsers({ log: makeLog('debug', { write: (line) => lines.push(line) }) })
    await users.signUp()
    const before = JSON.stringify(await users.rows('accounts'))
    const verify = await tokenOf(users, 'VERIFY_EMAIL')
    await requestReset(users, ada.email)
    const waiting = JSON.stringify(await users.rows('resetRequests'))
    const token = await tokenOf(users, 'PASSWORD_RESET')
    await reset(users, token)
    const rows = await Promise.all(['accounts', 'sessions', 'audit', 'resetRequests'].map((name) => users.rows(name)))
    const written = [before, waiting, JSON.stringify(rows), ...lines].join('')
    for (const secret of [verify.split('.')[1]!, token.split('.')[1]!, password, newPassword])
      expect(written).not.toContain(secret)
  })
})
