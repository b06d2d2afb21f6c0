import { type Message, MessageType, parseMessage } from 'graphql-ws'
import type { RawData, WebSocket } from 'ws'
import type { Clock } from '#kernel/time.ts'
import { type Client, isShopper } from '#platform/auth.ts'
import { faultFields, type Log } from '#platform/log.ts'
import type { Auth, Identity } from '../auth.ts'
import { socketLimits } from '../guard/limits.ts'
import type { Pace } from '../pace.ts'
import { type Closing, closings, idInUse } from './closings.ts'
import type { Counter } from './counter.ts'
import { makeMessageRate } from './messageRate.ts'
import { authorizationOf, type Operations } from './operations.ts'
import { makeOutlet } from './outlet.ts'
import { makeRunning } from './running.ts'
import type { SessionWatch } from './sessionWatch.ts'
import { makeVitals } from './vitals.ts'

export interface ConnectionDeps {
  readonly auth: Auth
  readonly operations: Operations
  readonly sessions: SessionWatch
  /** Counts the sockets of each account or guest. */
  readonly perUser: Counter
  /** See `OperationDeps`. */
  readonly pace: Pace
  readonly clock: Clock
  readonly log: Log
}

/** One socket and what may be done with it. */
export interface Connection {
  /** Pings when it is time, and closes when a bound is passed. */
  inspect(): void
  close(closing: Closing): void
  /** How many operations run on it. */
  operations(): number
}

const readMessage = (data: RawData): Message | null => {
  try {
    return parseMessage(String(data))
  } catch {
    return null
  }
}

/** Speaks graphql-transport-ws with one client. Whatever the client does wrong, it alone is closed, with a code that says why. */
export const openConnection = (socket: WebSocket, client: Client, deps: ConnectionDeps): Connection => {
  const { auth, operations, sessions, perUser, pace, clock, log } = deps
  const outlet = makeOutlet(socket, clock)
  const running = makeRunning({ outlet, client, operations, sessions })
  const withinRate = makeMessageRate(clock, socketLimits.messagesPerMinute)
  const vitals = makeVitals(clock)
  let identity: Identity | null = null
  let initialised = false
  /** What the socket holds outside of itself, given back when it closes. */
  const held: (() => void)[] = []

  const close = ({ code, reason }: Closing): void => socket.close(code, reason)

  /** Takes one of the sockets of the account; false when all are taken. */
  const takePlace = ({ viewer }: Identity): boolean => {
    if (!isShopper(viewer)) return true
    if (!perUser.take(viewer.id)) return false
    held.push(() => perUser.give(viewer.id))
    return true
  }

  const init = async (payload: unknown): Promise<void> => {
    if (initialised) return close(closings.secondInit)
    initialised = true
    await pace()
    const found = await auth.identify(authorizationOf(payload))
    if (socket.readyState !== socket.OPEN) return
    if (!found) return close(closings.tokenRefused)
    if (!takePlace(found)) return close(closings.tooManySockets)
    held.push(sessions.watch(found, close))
    identity = found
    await outlet.send({ type: MessageType.ConnectionAck })
  }

  const handle = async (message: Message): Promise<void> => {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return init(message.payload)
      case MessageType.Ping:
        return outlet.send({ type: MessageType.Pong, payload: message.payload })
      case MessageType.Pong:
        return
      case MessageType.Subscribe:
        if (!identity) return close(closings.notAcknowledged)
        if (message.id.length > socketLimits.operationIdLength) return close(closings.invalidMessage)
        if (running.has(message.id)) return close(idInUse(message.id))
        return running.start(message, identity)
      case MessageType.Complete:
        return running.leave(message.id)
      default:
        // The other types go from server to client only.
        return close(closings.invalidMessage)
    }
  }

  /** Control frames count as well: they cost as much as messages. */
  const isWelcome = (): boolean => {
    if (socket.readyState !== socket.OPEN) return false
    if (withinRate()) return true
    close(closings.tooManyMessages)
    return false
  }

  const receive = async (data: RawData): Promise<void> => {
    if (!isWelcome()) return
    const message = readMessage(data)
    if (!message) return close(closings.invalidMessage)
    try {
      await handle(message)
    } catch (error) {
      log.error('a socket failed', faultFields(error))
      close(closings.unavailable)
    }
  }

  socket.on('message', (data) => void receive(data))
  socket.on('ping', isWelcome)
  socket.on('pong', () => {
    if (isWelcome()) vitals.answered()
  })
  // A client that breaks the frame format is closed by ws with its code, and that is all there is to say about it.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    running.leaveAll()
    for (const giveBack of held.splice(0)) giveBack()
  })

  return {
    close,
    operations: running.count,
    inspect: () => {
      const due = vitals.inspect(initialised)
      if (due === 'dead') return socket.terminate()
      if (due === 'ping' && socket.readyState === socket.OPEN) socket.ping()
      if (due && typeof due === 'object') close(due)
      if (outlet.isClogged()) close(closings.tooSlow)
    },
  }
}
