import { describe, expect, it } from 'vitest'
import { days, minutes, seconds } from '#kernel/time.ts'
import { anonymous, sessionCacheKey, type Viewer } from '#platform/auth.ts'
import { ada, invalidToken, password, startSecond, startUsers, type Users, viewerOf } from '../../tests/users.ts'

const phone = { address: '203.0.113.7', userAgent: 'Phone/1.0' }
const laptop = { address: '198.51.100.2', userAgent: 'Laptop/2.0' }
const newPassword = 'cobalt-otter-93'

const list = async (users: Users, viewer: Viewer) => {
  const query = '{ sessions { id device createdAt lastUsedAt expiresAt isCurrent } }'
  const { data, errors } = await users.ask(viewer, query)
  expect(errors).toBeUndefined()
  return data?.sessions as { id: string; device: string; lastUsedAt: string; isCurrent: boolean }[]
}

const revoke = (users: Users, viewer: Viewer, id: string) =>
  users.run<{ sessions: { id: string }[] | null; userErrors: object[] }>(
    viewer,
    'revokeSession',
    'sessions { id } userErrors { code field }',
    { id },
  )

const change = (users: Users, viewer: Viewer, currentPassword = password, next = newPassword) =>
  users.run<{ viewer: object | null; userErrors: object[] }>(
    viewer,
    'changePassword',
    'viewer { kind } userErrors { code field }',
    { currentPassword, newPassword: next },
  )

describe('the list of sessions', () => {
  it('given a phone and a laptop, when the owner looks, then each shows its device and times, the one used last first', async () => {
    const users = await startUsers()
    const onPhone = await users.signUp(ada, anonymous, phone)
    users.clock.advance(minutes(1))
    const onLaptop = await users.signIn(undefined, anonymous, laptop)
    users.clock.advance(minutes(1))
    await users.refresh(onPhone.session!.refreshToken)
    const now = users.clock.now()
    const at = (ago: number) => new Date(now - minutes(ago)).toISOString()
    const [first, second] = await list(users, viewerOf(onLaptop))
    expect(first).toMatchObject({ device: 'Phone/1.0', createdAt: at(2), lastUsedAt: at(0), isCurrent: false })
    expect(first).toMatchObject({ expiresAt: new Date(now + days(7)).toISOString() })
    expect(second).toMatchObject({ device: 'Laptop/2.0', createdAt: at(1), lastUsedAt: at(1), isCurrent: true })
  })

  it('given ended and expired sessions and those of others, then only the own that stand are listed; nobody hears UNAUTHENTICATED', async () => {
    const users = await startUsers()
    const [here, there] = [await users.signUp(), await users.signIn()]
    await users.signUp({ email: 'eve@example.org', password, name: 'Eve' })
    await users.signOut(viewerOf(there))
    expect(await list(users, viewerOf(here))).toHaveLength(1)
    expect(await list(users, viewerOf(await users.guest()))).toMatchObject([{ isCurrent: true }])
    users.clock.advance(days(8))
    expect(await list(users, viewerOf(here))).toEqual([])
    const { errors } = await users.ask(anonymous, '{ sessions { id } }')
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })
})

describe('revoking a session', () => {
  it('given two sessions, when one is revoked from the other, then it no longer stands or refreshes, and the cache forgets it at once', async () => {
    const users = await startUsers()
    const [here, there] = [await users.signUp(), await users.signIn()]
    const { sessionId } = viewerOf(there) as { sessionId: string }
    await users.deps.cache.set(sessionCacheKey(sessionId), { active: true, roles: [] }, seconds(60))
    expect(await revoke(users, viewerOf(here), sessionId)).toMatchObject({ sessions: [{}], userErrors: [] })
    expect(await users.deps.cache.get(sessionCacheKey(sessionId))).toBeUndefined()
    expect(await users.state(viewerOf(there))).toMatchObject({ active: false })
    expect(await users.refresh(there.session!.refreshToken)).toEqual(invalidToken)
  })

  it("given somebody else's session, an ended one or none, when it is revoked, then all look the same and nothing ends", async () => {
    const users = await startUsers()
    const here = viewerOf(await users.signUp())
    const eve = viewerOf(await users.signUp({ email: 'eve@example.org', password, name: 'Eve' }))
    const ended = viewerOf(await users.signIn())
    await users.signOut(ended)
    for (const viewer of [eve, ended, viewerOf(await users.guest())]) {
      const refused = { sessions: null, userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'] }] }
      expect(await revoke(users, here, (viewer as { sessionId: string }).sessionId)).toEqual(refused)
    }
    expect(await revoke(users, here, 'ses_1')).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] })
    expect(await users.state(eve)).toMatchObject({ active: true })
  })
})

describe('changing the password (threat: use after password change)', () => {
  it('given three sessions, when one changes the password, then it stays, the others end, and only the new password signs in', async () => {
    const users = await startUsers()
    const [here, ...others] = [await users.signUp(), await users.signIn(), await users.signIn()]
    expect(await change(users, viewerOf(here!))).toEqual({ viewer: { kind: 'USER' }, userErrors: [] })
    expect(await users.state(viewerOf(here!))).toMatchObject({ active: true })
    expect((await users.refresh(here!.session!.refreshToken)).userErrors).toEqual([])
    for (const other of others) {
      expect(await users.state(viewerOf(other))).toMatchObject({ active: false })
      expect(await users.refresh(other.session!.refreshToken)).toEqual(invalidToken)
    }
    expect((await users.signIn()).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }])
    expect((await users.signIn({ email: ada.email, password: newPassword })).userErrors).toEqual([])
  })

  it('given a sign-in that began before the change, when it ends after it, then its session does not stand', async () => {
    const users = await startUsers()
    const here = viewerOf(await users.signUp())
    // Whichever comes first: a session that the old password opened is gone once the password has changed.
    const [changed, raced] = await Promise.all([change(users, here), users.signIn()])
    expect(changed.userErrors).toEqual([])
    if (raced.session) expect(await users.state(viewerOf(raced))).toMatchObject({ active: false })
  })

  it('given two changes at once on two instances, then one wins and the other changes nothing', async () => {
    const users = await startUsers()
    const here = viewerOf(await users.signUp())
    const second = await startSecond(users)
    const outcomes = await Promise.all([
      change(users, here, password, 'cobalt-otter-93'),
      change(second, here, password, 'marble-heron-28'),
    ])
    expect(outcomes.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1)
    const winner = outcomes[0]?.userErrors.length === 0 ? 'cobalt-otter-93' : 'marble-heron-28'
    expect((await users.signIn({ email: ada.email, password: winner })).userErrors).toEqual([])
  })

  it('given a wrong or a weak password, then the field is named and nothing changes', async () => {
    const users = await startUsers()
    const [here, there] = [await users.signUp(), await users.signIn()]
    const refused = (code: string, field: string) => ({ viewer: null, userErrors: [{ code, field: ['input', field] }] })
    expect(await change(users, viewerOf(here), 'grue-lantern-42')).toEqual(
      refused('INVALID_CREDENTIALS', 'currentPassword'),
    )
    expect(await change(users, viewerOf(here), password, 'short')).toEqual(refused('PASSWORD_TOO_WEAK', 'newPassword'))
    expect(await users.state(viewerOf(there))).toMatchObject({ active: true })
    expect(await change(users, anonymous)).toMatchObject({ userErrors: [{ code: 'UNAUTHENTICATED' }] })
    expect(await change(users, viewerOf(await users.guest()))).toMatchObject({ userErrors: [{ code: 'FORBIDDEN' }] })
  })
})

describe('signing out everywhere', () => {
  it('given a sign-in meanwhile, when all sessions are ended, then a session with the old version does not stand', async () => {
    const users = await startUsers()
    const here = viewerOf(await users.signUp())
    const there = viewerOf(await users.signIn())
    await users.signOut(here, true)
    // As if the sign-in had stored its session a moment too late to be found and marked.
    await users.deps.database.collection('sessions').updateMany({}, { $set: { revokedAt: null } })
    expect(await users.state(there)).toEqual({ active: false, roles: [] })
    expect((await users.signIn()).userErrors).toEqual([])
  })
})
