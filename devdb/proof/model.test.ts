import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { startInProcess } from '../testing.ts'
import { amounts } from './amounts.ts'
import { makeModel } from './model/model.ts'
import { agrees } from './modelAgreement.ts'
import { connectServer, type ProofServer } from './servers.ts'
import { type Step, stepsOf } from './steps.ts'
import { startTamperingProxy } from './tamperingProxy.ts'

const runs = amounts.modelRuns

const loseDocument = (reply: Doc): Doc | undefined => {
  const cursor = reply.cursor as { firstBatch?: unknown[] } | undefined
  if (cursor?.firstBatch === undefined || cursor.firstBatch.length < 2) return undefined
  return { ...reply, cursor: { ...cursor, firstBatch: cursor.firstBatch.slice(1) } } as Doc
}

const countOneMore = (reply: Doc): Doc | undefined => (reply.nModified === 1 ? { ...reply, nModified: 2 } : undefined)

describe.each([
  ['replica set', false],
  ['standalone', true],
])('a %s and a model of the documented semantics', { timeout: 120_000 }, (_mode, standalone) => {
  let server: Awaited<ReturnType<typeof startInProcess>>
  let client: ProofServer

  beforeAll(async () => {
    server = await startInProcess({ standalone })
    client = await connectServer(server.url)
  })

  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  const follow = (client: ProofServer) => {
    const model = makeModel()
    return fc.asyncProperty(stepsOf({ transactions: client.hasTransactions }), async (steps: readonly Step[]) => {
      model.reset()
      await client.reset()
      for (const step of steps) agrees(await client.run(step), model.run(step))
    })
  }

  it('given the same random commands, then they answer the same', async () => {
    await fc.assert(follow(client), { numRuns: runs })
    expect(client.hasTransactions).toBe(!standalone)
  })

  it.each([
    ['loses a document', loseDocument],
    ['counts one too many', countOneMore],
  ])('given a server that %s, then the model notices', async (_name, change) => {
    const proxy = await startTamperingProxy(server.port, change)
    const wrong = await connectServer(proxy.url)
    const { failed, counterexample } = await fc.check(follow(wrong), { numRuns: 500, seed: 1 })
    await wrong.close()
    proxy.stop()
    expect(failed).toBe(true)
    expect(counterexample?.[0].length).toBeLessThanOrEqual(3)
  })
})
