import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ExecutionResult } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { makeIds } from '#kernel/id.ts'
import { systemClock as clock } from '#kernel/time.ts'
import { anonymous, noClient } from '#platform/auth.ts'
import { makeCallSigner } from '#platform/caller.ts'
import { makeLog } from '#platform/log.ts'
import { systemRandom } from '#platform/random.ts'
import { makeRemoteStreams } from '#platform/remoteStreams.ts'
import { makeTransport } from './transport.ts'

const timings = { pingEvery: 250, pongWithin: 250, openWithin: 250 }

/** A subgraph in a process of its own, and the gateway's way to it. */
const startApart = async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/countingSubgraph.ts')])
  const [port] = await once(child.stdout, 'data')
  const remote = makeRemoteStreams(`http://127.0.0.1:${Number(port)}/graphql`, timings)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await remote.stop()
  })
  const losses: string[] = []
  const transport = makeTransport({
    clock,
    endpoints: () => ({
      execute: () => Promise.reject(new Error('only streams here')),
      subscribe: async (call) => remote.open(call),
      stop: remote.stop,
    }),
    sign: makeCallSigner({ secret: 'a secret of this test', clock, ids: makeIds(clock, systemRandom) }),
    timeoutMs: 1_000,
    checkoutTimeoutMs: 1_000,
    log: makeLog('debug', { write: (line) => void losses.push(line) }),
  })
  const context = { viewer: anonymous, client: noClient, requestId: 'req_1' }
  const opened = await transport.subscribe('cart', { query: 'subscription { counted { seq } }' }, context)
  const events = (opened as AsyncIterable<ExecutionResult>)[Symbol.asyncIterator]()
  onTestFinished(async () => void (await events.return?.()))
  const next = async () => (await events.next()).value.data?.counted.seq as number
  return { child, losses, next }
}

test('given a subgraph that is frozen with its connection open, then that is noticed, and when it thaws its stream goes on without a gap (F3, R15)', async () => {
  const { child, losses, next } = await startApart()
  expect([await next(), await next()]).toEqual([1, 2])

  child.kill('SIGSTOP')
  let seq = 2
  const reading = (async () => {
    for (let last = seq; losses.length < 2; last = seq) {
      seq = await next()
      expect(seq).toBe(last + 1)
    }
  })()
  // Lost once while it was open, and then in vain: its kernel takes the connection, and nobody answers the handshake.
  await expect.poll(() => losses.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2)
  expect(losses[0]).toContain('a stream was lost')

  child.kill('SIGCONT')
  await reading
  expect(await next()).toBe(seq + 1)
})
