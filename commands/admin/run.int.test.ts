import { expect, test } from 'vitest'
import { makeCallSigner, makeSubgraphCaller } from '#platform/caller.ts'
import { ada, startUsers, type Users, viewerOf } from '../../tests/users.ts'
import { runAdmin } from './run.ts'

const run = async (users: Users, ...args: string[]) => {
  const { config, clock, ids } = users.deps
  const sign = makeCallSigner({ secret: config.internalSecret, clock, ids })
  const call = makeSubgraphCaller('admin', { endpoints: () => users.subgraph, sign, timeoutMs: 5_000 })
  const lines: string[] = []
  const output = { write: (text: string) => lines.push(text) }
  const code = await runAdmin({
    args,
    open: async () => ({ call, stop: async () => undefined }),
    out: output,
    err: output,
  })
  return { code, text: lines.join('') }
}

test('given an account, when it is named, then it is an administrator, once, and the audit log says who did it', async () => {
  const users = await startUsers()
  const signedUp = await users.signUp()
  expect(await run(users, '--email', ` ${ada.email}`)).toMatchObject({ code: 0 })
  expect(await run(users, '--email', ada.email)).toMatchObject({ code: 0 })
  expect(await users.state(viewerOf(signedUp))).toEqual({ active: true, roles: ['BUYER', 'ADMIN'] })
  const granted = (await users.acts()).filter(({ action }) => action === 'ROLE_GRANTED')
  expect(granted).toMatchObject([{ actorKind: 'service', actorId: 'admin', target: signedUp.viewer!.id }])
})

test('given nobody or nothing, then a sentence says what to do', async () => {
  const users = await startUsers()
  expect(await run(users, '--email', 'eve@example.org')).toMatchObject({
    code: 1,
    text: expect.stringContaining('sign up first'),
  })
  for (const args of [[], ['--name', 'x']]) expect((await run(users, ...args)).code).toBe(2)
})
