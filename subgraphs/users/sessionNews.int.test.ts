import { describe, expect, it } from 'vitest'
import { days, minutes, seconds } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import { startUsers, type Users, viewerOf } from '../../tests/users.ts'

const gateway = service('gateway')
const sessionOf = (viewer: Viewer): string => (viewer as { sessionId: string }).sessionId

const news = async (users: Users, { since = null as string | null, check = [] as string[] } = {}) => {
  const query = `query ($since: DateTime, $check: [ID!]!) {
    sessionNews(since: $since, check: $check) { asOf ended states { id active roles } } }`
  const { data, errors } = await users.ask(gateway, query, { since, check })
  expect(errors).toBeUndefined()
  return data?.sessionNews as {
    asOf: string
    ended: string[]
    states: { id: string; active: boolean; roles: string[] }[]
  }
}

describe('what became of sessions, for the gateway', () => {
  it('given an end, then it is told from the last answer on and a little longer, so that none falls between two questions', async () => {
    const users = await startUsers()
    const [here, there] = [viewerOf(await users.signUp()), viewerOf(await users.signIn())]
    expect((await news(users)).ended).toEqual([])
    const before = await news(users)
    await users.signOut(there)
    users.clock.advance(seconds(1))
    const after = await news(users, { since: before.asOf })
    expect(after.ended).toEqual([sessionOf(there)])
    // A clock that is behind, or a write that is late: told again for five seconds.
    expect((await news(users, { since: after.asOf })).ended).toEqual([sessionOf(there)])
    users.clock.advance(minutes(1))
    const later = await news(users, { since: after.asOf })
    expect((await news(users, { since: later.asOf })).ended).toEqual([])
    // Whoever could not ask for a while misses nothing.
    expect((await news(users, { since: before.asOf })).ended).toEqual([sessionOf(there)])
    expect((await news(users, { check: [sessionOf(here)] })).states).toMatchObject([{ active: true }])
  })

  it('given sessions of every kind, when they are looked at, then each answer is that of `session`', async () => {
    const users = await startUsers()
    const guest = viewerOf(await users.guest())
    const user = viewerOf(await users.signUp())
    const ended = viewerOf(await users.signIn())
    await users.signOut(ended)
    const check = [...[guest, user, ended].map(sessionOf), 'ses_unknown']
    const states = [
      { id: check[0], active: true, roles: [] },
      { id: check[1], active: true, roles: ['BUYER'] },
      { id: check[2], active: false, roles: [] },
      { id: 'ses_unknown', active: false, roles: [] },
    ]
    expect((await news(users, { check })).states).toEqual(states)
    users.clock.advance(days(8))
    expect((await news(users, { check })).states.map(({ active }) => active)).toEqual([false, false, false, false])
  })

  it('given anybody but the gateway, then it is forbidden', async () => {
    const users = await startUsers()
    for (const viewer of [viewerOf(await users.signUp()), service('cart')]) {
      const { errors } = await users.ask(viewer, '{ sessionNews(check: []) { asOf } }')
      expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
    }
  })
})
