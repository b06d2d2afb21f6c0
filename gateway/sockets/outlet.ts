import type { WebSocket } from 'ws'
import type { Clock, Millis } from '#kernel/time.ts'
import { socketLimits } from '../guard/limits.ts'

/**
 * What goes out on one socket. `send` resolves when the message has left this process, or can no longer: whoever waits for it before
 * fetching the next one holds at most one message in memory, however slowly the client reads.
 */
export const makeOutlet = (socket: WebSocket, clock: Clock) => {
  /** When each message that still waits was sent, oldest first. */
  const waiting: Millis[] = []

  return {
    send: (message: object): Promise<void> => {
      if (socket.readyState !== socket.OPEN) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(clock.now())
      socket.send(JSON.stringify(message), () => {
        waiting.shift()
        resolve()
      })
      return promise
    },
    /** True for a client that leaves too much, or anything for too long, unread. */
    isClogged: (): boolean => {
      const [oldest] = waiting
      const tooOld = oldest !== undefined && clock.now() - oldest > socketLimits.backlogFor
      return tooOld || socket.bufferedAmount > socketLimits.backlogBytes
    },
  }
}

export type Outlet = ReturnType<typeof makeOutlet>
