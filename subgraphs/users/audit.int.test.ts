import { describe, expect, it } from 'vitest'
import { seconds } from '#kernel/time.ts'
import { anonymous, service, type Viewer } from '#platform/auth.ts'
import { ada, password, startSecond, startUsers, type Users, viewerOf } from '../../tests/users.ts'

const laptop = { address: '198.51.100.2', userAgent: 'Laptop/2.0' }

const verify = async (users: Users, expected: string | null = null) => {
  const query = 'query ($expected: String) { auditVerification(expected: $expected) { entries head problems } }'
  const { data, errors } = await users.ask(service('audit'), query, { expected })
  expect(errors).toBeUndefined()
  return data?.auditVerification as { entries: number; head: string; problems: string[] }
}

const admin: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles: ['ADMIN'] }

const page = async (users: Users, args: string) => {
  const fields =
    'nodes { id seq action actorKind actorId target address requestId at } totalCount pageInfo { hasNextPage endCursor }'
  const { data, errors } = await users.ask(admin, `{ auditLog(${args}) { ${fields} } }`)
  expect(errors).toBeUndefined()
  return data?.auditLog as {
    nodes: { seq: number; action: string }[]
    totalCount: number
    pageInfo: { hasNextPage: boolean; endCursor: string }
  }
}

/** A log of six acts. */
const withActs = async () => {
  const users = await startUsers()
  const here = viewerOf(await users.signUp())
  for (const _ of Array(2)) await users.signOut(viewerOf(await users.signIn()))
  await users.signOut(here)
  expect(await users.acts()).toHaveLength(6)
  return users
}

describe('what the audit log keeps (I22)', () => {
  it('given acts of identity, then each has exactly one entry with actor, target, address and request', async () => {
    const users = await startUsers()
    const signedUp = await users.signUp(ada, anonymous, laptop)
    const id = signedUp.viewer!.id!
    await users.signIn({ email: ada.email, password: 'wrong password' }, anonymous, laptop)
    await users.signIn({ email: 'eve@example.org', password }, anonymous, laptop)
    const again = await users.signIn(undefined, anonymous, laptop)
    await users.signOut(viewerOf(again))
    await users.signOut(viewerOf(again))
    await users.signOut(viewerOf(signedUp), true)
    const acts = await users.acts()
    const from = { address: laptop.address, requestId: expect.stringMatching(/^req_/) }
    const by = { actorKind: 'user', actorId: id, target: id }
    const stranger = { actorKind: 'anonymous', actorId: null, action: 'SIGN_IN_FAILED', ...from }
    expect(acts.filter(({ action }) => action === 'SIGN_IN_FAILED')).toMatchObject([
      { ...stranger, target: id },
      { ...stranger, target: null },
    ])
    const rest = acts.filter(({ action }) => action !== 'SIGN_IN_FAILED')
    expect(rest.toSorted((a, b) => (a.action < b.action ? -1 : 1))).toMatchObject([
      { ...by, ...from, action: 'SIGNED_IN' },
      { ...by, action: 'SIGNED_OUT' },
      { ...by, action: 'SIGNED_OUT_EVERYWHERE' },
      { ...by, ...from, action: 'SIGNED_UP' },
    ])
  })

  it('C14: given a used refresh token that comes back ten times at once, then the family ends and the log has one entry', async () => {
    const users = await startUsers()
    const second = await startSecond(users)
    const { session, viewer } = await users.signUp()
    await users.refresh(session!.refreshToken)
    users.clock.advance(seconds(10) + 1)
    await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? second : users).refresh(session!.refreshToken)))
    const reused = (await users.acts()).filter(({ action }) => action === 'REFRESH_TOKEN_REUSED')
    expect(reused).toMatchObject([{ target: viewer!.id, actorKind: 'anonymous' }])
  })

  it('given a fact that is delivered again, and writers in two processes, then every act is there once and the chain is whole', async () => {
    const users = await startUsers()
    const second = await startSecond(users)
    await users.signUp()
    const facts = (await Promise.all(users.subgraph.parts.outboxes!.map((source) => source.pending(100)))).flat()
    const [act] = facts.filter(({ type }) => type === 'ActDone')
    const consumers = [users, second].map(
      ({ subgraph }) => subgraph.parts.consumers!.find(({ name }) => name === 'users.audit')!,
    )
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => consumers[n % 2]!.on.ActDone!({ ...act!, id: `evt_${n % 10}` })),
    )
    expect(await users.acts()).toHaveLength(11)
    expect(await verify(users)).toMatchObject({ entries: 11, problems: [] })
  })
})

describe('tampering with the audit log', () => {
  const rows = (users: Users) => users.deps.database.collection<{ _id: string; seq: number; address: string }>('audit')

  it('given an untouched log, then nothing is reported, and a head that was noted before is still there', async () => {
    const users = await withActs()
    const { head, ...rest } = await verify(users)
    expect(rest).toEqual({ entries: 6, problems: [] })
    expect(head).toMatch(/^6:[\w-]{43}$/)
    await users.signIn()
    await users.settle()
    expect((await verify(users, head)).problems).toEqual([])
    expect((await verify(users, '6:another')).problems).toEqual(['There is no entry 6:another.'])
  })

  it('given a row deleted or edited by somebody with the database, then the check names it', async () => {
    const users = await withActs()
    await rows(users).updateOne({ seq: 2 }, { $set: { address: '10.0.0.1' } })
    await rows(users).deleteOne({ seq: 4 })
    expect((await verify(users)).problems).toEqual(['Entry 2 was edited.', 'Entry 4 is missing.'])
  })

  it('given rows deleted at the end, then the check tells, also after the log has gone on', async () => {
    const users = await withActs()
    await rows(users).deleteMany({ seq: { $gt: 4 } })
    expect((await verify(users)).problems).toEqual(['The log ends at entry 4, but entry 6 was written.'])
    const second = await startSecond(users)
    await second.signIn()
    await second.settle()
    expect((await verify(users)).problems).toEqual(['Entries 5 to 6 are missing.'])
  })
})

describe('reading the audit log', () => {
  it('given an administrator, when paging and filtering, then entries come youngest first and each once', async () => {
    const users = await withActs()
    const first = await page(users, 'first: 4')
    expect(first).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: true } })
    const rest = await page(users, `first: 4, after: "${first.pageInfo.endCursor}"`)
    expect([...first.nodes, ...rest.nodes].map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1])
    expect(rest).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: false } })
    const signIns = await page(users, 'first: 10, filter: { action: SIGNED_IN }')
    expect(signIns.nodes.map(({ action }) => action)).toEqual(['SIGNED_IN', 'SIGNED_IN'])
    expect((await page(users, 'first: 10, filter: { actorId: "usr_nobody" }')).nodes).toEqual([])
  })

  it('given anybody else, then neither the log nor its check is there for them', async () => {
    const users = await startUsers()
    const viewers: Viewer[] = [
      viewerOf(await users.signUp()),
      viewerOf(await users.guest()),
      anonymous,
      service('gateway'),
    ]
    for (const viewer of [...viewers, { ...admin, roles: ['SUPPORT', 'SELLER'] } as Viewer]) {
      for (const query of ['{ auditLog(first: 1) { totalCount } }', '{ auditVerification { entries } }']) {
        const { data, errors } = await users.ask(viewer, query)
        expect(data ?? null).toBeNull()
        expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(errors?.[0]?.extensions?.code)
      }
    }
  })
})
