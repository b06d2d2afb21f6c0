import type { IncomingMessage, Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { handleProtocols } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import { seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { metrics } from '#platform/metrics/table.ts'
import type { ClientOf } from '../client.ts'
import type { Cors } from '../cors.ts'
import { socketLimits } from '../guard/limits.ts'
import { makePace } from '../pace.ts'
import { type Closing, closings, codeLabel } from './closings.ts'
import { type Connection, type ConnectionDeps, openConnection } from './connection.ts'
import { makeCounter } from './counter.ts'
import { makeHandshake, roomIn } from './handshake.ts'
import { makeOperations, type OperationDeps } from './operations.ts'
import { makeSessionWatch } from './sessionWatch.ts'

/** All sockets are looked at once a second, a tenth of them at a time: bounds in time are kept to this exactness. */
const inspectEvery = 100
const inspectedAtOnce = 0.1

/** Greetings and operations of sockets that begin in one turn of the event loop: about 25 ms of work, then requests over HTTP have their turn. */
const joinsPerTurn = 50

/** Sockets closed in one go while all are being closed. */
const closingStep = 50

export interface SocketDeps extends Omit<OperationDeps, 'pace'>, Pick<ConnectionDeps, 'clock' | 'log'> {
  readonly server: Server
  readonly clientOf: ClientOf
  readonly cors: Cors
  readonly call: SubgraphCaller
  readonly socketsPerAddress: number
}

/** The WebSocket side of the gateway (graphql-transport-ws): who may connect, and all sockets together. */
export const serveSockets = (deps: SocketDeps) => {
  const { server, auth, clientOf, cors, call, clock, log, socketsPerAddress } = deps
  const connections = new Set<Connection>()
  const perAddress = makeCounter(socketsPerAddress)
  const perUser = makeCounter(socketLimits.socketsPerUser)
  const sessions = makeSessionWatch({ call, clock, log })
  const pace = makePace(joinsPerTurn)
  const operations = makeOperations({ ...deps, pace })
  let stopping = false

  const room = roomIn(getHeapStatistics().heap_size_limit)
  const unwatch = [
    metrics.sockets.watch(() => [{ value: connections.size }]),
    metrics.socketsMost.watch(() => [{ value: room }]),
    metrics.socketOperations.watch(() => Array.from(connections, (connection) => ({ value: connection.operations() }))),
  ]

  const handshake = makeHandshake({
    cors,
    clientOf,
    perAddress,
    open: () => connections.size,
    room,
    isStopping: () => stopping,
  })

  const options = {
    server,
    path: '/graphql',
    maxPayload: socketLimits.messageBytes,
    // Compressed messages would let a small frame grow to any size, and cost 64 kB of memory for each socket.
    perMessageDeflate: false,
    closeTimeout: socketLimits.goodbye,
    handleProtocols,
    clientTracking: false,
    verifyClient: ({ req }: { req: IncomingMessage }, answer: VerifyAnswer) => {
      const refusal = handshake(req)
      if (!refusal) return answer(true)
      const { status, retryAfter } = refusal
      answer(false, status, undefined, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) })
    },
  }
  const sockets = new WebSocketServer(options)

  sockets.on('connection', (socket, request) => {
    const client = clientOf(request)
    const connection = openConnection(socket, client, { auth, operations, sessions, perUser, pace, clock, log })
    perAddress.take(client.address)
    connections.add(connection)
    socket.on('close', (code) => {
      metrics.socketsClosed.inc({ code: codeLabel(code) })
      perAddress.give(client.address)
      connections.delete(connection)
    })
    if (socket.protocol === '') connection.close(closings.protocolRefused)
  })

  let uninspected = connections.values()
  const inspection = setInterval(() => {
    for (let left = Math.ceil(connections.size * inspectedAtOnce); left > 0; left -= 1) {
      const { done, value } = uninspected.next()
      if (done) {
        uninspected = connections.values()
        return
      }
      value.inspect()
    }
  }, inspectEvery)
  inspection.unref()

  /** Closes all sockets one after the other, so that their clients do not all come back in the same moment. */
  const endAll = async (closing: Closing): Promise<void> => {
    const all = [...connections]
    const perSecond = Math.max(socketLimits.closedPerSecond, (all.length * seconds(1)) / socketLimits.closeAllWithin)
    for (let from = 0; from < all.length; from += closingStep) {
      for (const connection of all.slice(from, from + closingStep)) connection.close(closing)
      if (from + closingStep < all.length) await pause((closingStep / perSecond) * seconds(1))
    }
  }

  return {
    name: 'sockets',
    endAll,
    stop: async (): Promise<void> => {
      stopping = true
      await endAll(closings.restarting)
      while (connections.size > 0) await pause(10)
      clearInterval(inspection)
      for (const end of unwatch) end()
      sessions.stop()
      sockets.close()
    },
  }
}

type VerifyAnswer = (ok: boolean, status?: number, message?: string, headers?: Record<string, string>) => void
