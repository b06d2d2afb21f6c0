import { expect, test } from 'vitest'
import { makeCallSigner, makeSubgraphCaller } from '#platform/caller.ts'
import { startUsers, type Users } from '../../tests/users.ts'
import { runAuditVerify } from './run.ts'

const run = async (users: Users, ...args: string[]) => {
  const { config, clock, ids } = users.deps
  const sign = makeCallSigner({ secret: config.internalSecret, clock, ids })
  const call = makeSubgraphCaller('audit', { endpoints: () => users.subgraph, sign, timeoutMs: 5_000 })
  const lines: string[] = []
  const output = { write: (text: string) => lines.push(text) }
  const code = await runAuditVerify({
    args,
    open: async () => ({ call, stop: async () => undefined }),
    out: output,
    err: output,
  })
  return { code, text: lines.join('') }
}

test('given a log, when it is checked untouched, then edited, then the exit code and the text tell (threat: audit tampering)', async () => {
  const users = await startUsers()
  await users.signUp()
  await users.signIn()
  await users.settle()
  const good = await run(users)
  expect(good).toEqual({ code: 0, text: expect.stringMatching(/^2 entries, 0 problems\. Head 2:[\w-]{43}: /) })
  const [, head = ''] = /Head (\S+):/.exec(good.text) ?? []
  expect((await run(users, '--head', head)).code).toBe(0)
  await users.deps.database.collection('audit').deleteOne({ seq: 1 })
  expect(await run(users)).toMatchObject({ code: 1, text: expect.stringContaining('Entry 1 is missing.') })
  await users.deps.database.collection('audit').deleteMany({})
  await users.deps.database.collection('auditHeads').deleteMany({})
  expect((await run(users)).code).toBe(0)
  expect(await run(users, '--head', head)).toMatchObject({
    code: 1,
    text: expect.stringContaining(`There is no entry ${head}.`),
  })
})

test('given an unknown argument, then the usage is told and nothing is opened', async () => {
  const users = await startUsers()
  expect(await run(users, '--nonsense')).toMatchObject({ code: 2, text: expect.stringContaining('--head') })
})
