import { expect, test } from 'vitest'
import { handshakeStatus, joinSocket } from '../rawSocket.ts'
import { startTogether } from '../shop.ts'

test('given open sockets, when the shop stops, then they are closed with 1012 one after the other, nobody new gets in, and one that does not answer holds up nothing', async () => {
  const shop = await startTogether(
    { SOCKETS_PER_ADDRESS: '1000' },
    { here: 'it is about how one process lets its sockets go' },
  )
  const sockets = await Promise.all(Array.from({ length: 400 }, () => joinSocket(shop)))
  const deaf = await joinSocket(shop)
  deaf.socket.pause()
  const times: number[] = []
  for (const { socket } of sockets) socket.on('close', () => times.push(performance.now()))

  const began = performance.now()
  const stopped = shop.stop()
  // Refused, or the port is closed already.
  expect([503, 0]).toContain(await handshakeStatus(shop))
  for (const { closed } of sockets) expect(await closed).toEqual({ code: 1012, reason: 'Restarting' })
  // 2,000 a second: 400 take 0.2 s.
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(100)
  await stopped
  expect(performance.now() - began).toBeLessThan(8_000)
  deaf.socket.terminate()
})
