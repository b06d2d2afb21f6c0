import type { ExecutionResult } from 'graphql'
import type { WebSocket } from 'ws'
import type { Clock, Millis } from '#kernel/time.ts'
import { socketLimits } from '../guard/limits.ts'

interface Written {
  readonly id: string
  readonly text: string
  readonly message: Buffer
}

/** A result that several subscribers share is written down once, and made bytes once for those who call it the same. */
const written = new WeakMap<ExecutionResult, Written>()

const messageOf = (id: string, result: ExecutionResult): Buffer => {
  const known = written.get(result)
  if (known?.id === id) return known.message
  const text = known?.text ?? JSON.stringify(result)
  const message = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":${text}}`)
  written.set(result, { id, text, message })
  return message
}

const asText = { binary: false, compress: false } as const

/**
 * What goes out on one socket. `send` resolves when the message has left this process, or can no longer: whoever waits for it before
 * fetching the next one holds at most one message in memory, however slowly the client reads.
 */
export const makeOutlet = (socket: WebSocket, clock: Clock) => {
  /** When each message that still waits was sent, oldest first. */
  const waiting: Millis[] = []

  const sendMessage = (message: string | Buffer): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(clock.now())
    socket.send(message, asText, () => {
      waiting.shift()
      resolve()
    })
    return promise
  }

  return {
    send: (message: object): Promise<void> => sendMessage(JSON.stringify(message)),
    sendResult: (id: string, result: ExecutionResult): Promise<void> => sendMessage(messageOf(id, result)),
    /** True for a client that leaves too much, or anything for too long, unread. */
    isClogged: (): boolean => {
      const [oldest] = waiting
      const tooOld = oldest !== undefined && clock.now() - oldest > socketLimits.backlogFor
      return tooOld || socket.bufferedAmount > socketLimits.backlogBytes
    },
  }
}

export type Outlet = ReturnType<typeof makeOutlet>
