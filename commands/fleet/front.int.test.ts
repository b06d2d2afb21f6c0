import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startFront } from './front.ts'

/** A gateway that is ready when it is told to be, and says its name to everything else. */
const startGateway = async (name: string) => {
  const state = { ready: true }
  const server = createServer(({ url }, response) => {
    if (url === '/health/ready') response.writeHead(state.ready ? 200 : 503)
    response.end(name)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('given two gateways, when one is not ready, then the other gets everybody, and when neither is, clients hear 503: nobody is sent where nobody should be', async () => {
  const [one, other] = [await startGateway('one'), await startGateway('other')]
  const front = await startFront([one.url, other.url], 0)
  onTestFinished(front.stop)
  const ask = async (): Promise<string> => {
    const response = await fetch(front.url, { headers: { connection: 'close' } })
    return response.ok ? response.text() : `${response.status}, again in ${response.headers.get('retry-after')} s`
  }
  const askSome = async () => [...new Set([await ask(), await ask(), await ask(), await ask()])].toSorted()
  expect(await askSome()).toEqual(['one', 'other'])
  one.state.ready = false
  await expect.poll(askSome).toEqual(['other'])
  other.state.ready = false
  await expect.poll(askSome).toEqual(['503, again in 1 s'])
  one.state.ready = true
  await expect.poll(askSome).toEqual(['one'])
})
