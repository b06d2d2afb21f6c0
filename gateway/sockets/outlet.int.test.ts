import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { socketLimits } from '../guard/limits.ts'
import { makeOutlet } from './outlet.ts'

/** Two ends of one socket: ours, with its outlet, and the client's. */
const connect = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  const theirs = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [ours] = (await once(server, 'connection')) as [WebSocket]
  await once(theirs, 'open')
  onTestFinished(() => {
    theirs.terminate()
    server.close()
  })
  const clock = makeManualClock()
  return { ours, theirs, clock, outlet: makeOutlet(ours, clock) }
}

/** Says so much that the system's buffers are full and a little waits in this process, far less than the bound in size. */
const fill = async ({ ours, outlet }: Awaited<ReturnType<typeof connect>>): Promise<Promise<void>[]> => {
  const said: Promise<void>[] = []
  while (ours.bufferedAmount === 0) {
    said.push(outlet.send({ text: 'x'.repeat(100_000) }))
    await turn()
  }
  expect(ours.bufferedAmount).toBeLessThan(socketLimits.backlogBytes / 2)
  return said
}

test('given a client that reads no more, when little waits for it, then 30 s are borne and not more (L6; threat: WebSocket, never reading)', async () => {
  const line = await connect()
  line.theirs.pause()
  await fill(line)
  line.clock.advance(seconds(30))
  expect(line.outlet.isClogged()).toBe(false)
  line.clock.advance(1)
  expect(line.outlet.isClogged()).toBe(true)
})

test('given a client that reads again before 30 s are over, then its time begins anew with what waits next', async () => {
  const line = await connect()
  line.theirs.pause()
  const said = await fill(line)
  line.clock.advance(seconds(29))
  line.theirs.resume()
  await Promise.all(said)
  line.clock.advance(seconds(29))
  expect(line.outlet.isClogged()).toBe(false)
})
