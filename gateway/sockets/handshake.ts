import type { IncomingMessage } from 'node:http'
import type { ClientOf } from '../client.ts'
import type { Cors } from '../cors.ts'
import { socketLimits } from '../guard/limits.ts'
import type { Counter } from './counter.ts'

/** Why a handshake is refused, as an HTTP status, and how many seconds to wait before the next. */
export interface Refusal {
  readonly status: number
  readonly retryAfter?: number
}

export interface HandshakeDeps {
  readonly cors: Pick<Cors, 'allows'>
  readonly clientOf: ClientOf
  readonly perAddress: Pick<Counter, 'isFull'>
  /** How many sockets are open, and how many may be. */
  readonly open: () => number
  readonly room: number
  readonly isStopping: () => boolean
}

/** The most sockets of a process whose heap may grow to so many bytes. */
export const roomIn = (heapLimit: number): number =>
  Math.min(socketLimits.socketsPerProcess, Math.floor(heapLimit / socketLimits.heapPerSocket))

/** Who may connect, decided before there is a socket: refusing costs next to nothing here. Null: welcome. */
export const makeHandshake =
  ({ cors, clientOf, perAddress, open, room, isStopping }: HandshakeDeps) =>
  (request: Pick<IncomingMessage, 'headers' | 'socket'>): Refusal | null => {
    const { origin, host } = request.headers
    // A browser tells whose page connects, and sends along what it knows of us: only pages we trust may.
    if (!cors.allows(origin, host)) return { status: 403 }
    if (isStopping() || open() >= room) return { status: 503, retryAfter: 5 }
    return perAddress.isFull(clientOf(request).address) ? { status: 429, retryAfter: 30 } : null
  }
