import type { ExecutionResult } from 'graphql'
import type { WebSocket } from 'ws'
import type { Clock, Millis } from '#kernel/time.ts'
import { socketLimits } from '../guard/limits.ts'

/** A result that several subscribers share is written down once. */
const written = new WeakMap<ExecutionResult, string>()

const textOf = (result: ExecutionResult): string => {
  const text = written.get(result) ?? JSON.stringify(result)
  written.set(result, text)
  return text
}

/**
 * What goes out on one socket. `send` resolves when the message has left this process, or can no longer: whoever waits for it before
 * fetching the next one holds at most one message in memory, however slowly the client reads.
 */
export const makeOutlet = (socket: WebSocket, clock: Clock) => {
  /** When each message that still waits was sent, oldest first. */
  const waiting: Millis[] = []

  const sendText = (text: string): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(clock.now())
    socket.send(text, () => {
      waiting.shift()
      resolve()
    })
    return promise
  }

  return {
    send: (message: object): Promise<void> => sendText(JSON.stringify(message)),
    sendResult: (id: string, result: ExecutionResult): Promise<void> =>
      sendText(`{"id":${JSON.stringify(id)},"type":"next","payload":${textOf(result)}}`),
    /** True for a client that leaves too much, or anything for too long, unread. */
    isClogged: (): boolean => {
      const [oldest] = waiting
      const tooOld = oldest !== undefined && clock.now() - oldest > socketLimits.backlogFor
      return tooOld || socket.bufferedAmount > socketLimits.backlogBytes
    },
  }
}

export type Outlet = ReturnType<typeof makeOutlet>
