import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { type Millis, seconds } from '#kernel/time.ts'

type Client = ReturnType<Connection['getClient']>

/** Longer than a heartbeat may take: 2 s to connect, 2 s for the greeting. */
const patience = seconds(5)
const waitBetween = seconds(0.5)

/**
 * Opens a client again whose look at the server never ends. The driver (7.8.0) waits for ever when the line of its monitor ends just as it
 * asks, which happens when all lines end at once because the server died, and then it does not notice that the server is back. Looks
 * that the server may answer late (`awaited`) are not touched: their end is noticed.
 */
export const reopenWhenStuck = (client: Client, after: Millis = patience) => {
  const looks = new Map<string, NodeJS.Timeout>()
  let ended = false
  let reopening = false

  const reopen = async (): Promise<void> => {
    if (reopening || ended) return
    reopening = true
    await client.close().catch(() => undefined)
    while (!ended) {
      const isOpen = await client.connect().then(
        () => true,
        () => false,
      )
      if (isOpen) break
      await pause(waitBetween)
    }
    if (ended) await client.close().catch(() => undefined)
    reopening = false
  }

  const over = ({ connectionId }: { connectionId: string }): void => {
    clearTimeout(looks.get(connectionId))
    looks.delete(connectionId)
  }
  client.on('serverHeartbeatStarted', (look) => {
    over(look)
    if (look.awaited || ended) return
    looks.set(
      look.connectionId,
      setTimeout(() => void reopen(), after),
    )
  })
  client.on('serverHeartbeatSucceeded', over)
  client.on('serverHeartbeatFailed', over)

  return (): void => {
    ended = true
    for (const connectionId of looks.keys()) over({ connectionId })
  }
}
