import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type CallFault, makeAdversary } from './adversary.ts'
import { openBooks } from './books.ts'
import { type Call, makeCalls } from './calls.ts'
import { problem, type Reply, send } from './http.ts'
import { makeRoutes } from './routes.ts'
import { makeDelivery } from './webhooks.ts'

export interface ProviderOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Shown by the merchant in each call, and the key of the signatures of webhooks. */
  readonly secret: string
  /** The file of the books; null: they are kept in memory. */
  readonly file: string | null
  /** Where webhooks go; null: they wait until `deliverTo` is called. */
  readonly webhookUrl?: string | null
  readonly now?: () => number
}

/** What `tok_slow` and the fault `slow` add to an answer. */
const slowTokenMs = 2_000
const slowFaultMs = 3_000

/** How the first answer to a token travels; repetitions of its key get the stored answer at once. */
const faultOfToken: Readonly<Record<string, CallFault>> = { tok_timeout_after_charge: 'timeoutAfterCharge' }

/** A company that moves money, as a merchant sees one: calls with keys, books, webhooks, and bad days. */
export const startProvider = async (options: ProviderOptions) => {
  const { host, port, secret, file, webhookUrl = null, now = Date.now } = options
  const books = openBooks(file)
  const adversary = makeAdversary()
  const delivery = makeDelivery({ books, adversary, secret, now })
  const calls = makeCalls({ books, now, wake: delivery.wake })
  const routes = makeRoutes({ books, calls, adversary, delivery, secret })

  /** Answers a call, or does with it what the adversary wants. */
  const answerCall = async (call: Call, response: ServerResponse): Promise<void> => {
    const { socket } = response
    const isFirst = books.answer(call.key) === null
    const fault = adversary.callFault() ?? (isFirst ? (faultOfToken[String(call.body.token)] ?? null) : null)
    if (fault === 'resetBeforeCharge') return void socket?.resetAndDestroy()
    if (fault === 'tooManyRequests') return send(response, problem(429, 'slow_down'))
    if (fault === 'unavailable') return send(response, problem(503, 'unavailable'))
    const reply = calls.perform(call)
    if (fault === 'resetAfterCharge') return void socket?.resetAndDestroy()
    if (fault === 'errorAfterCharge') return send(response, problem(500, 'internal'))
    // The socket stays open, until the merchant has had enough.
    if (fault === 'timeoutAfterCharge') return
    const isSlow = isFirst && call.body.token === 'tok_slow'
    const wait = adversary.weather().latencyMs + (fault === 'slow' ? slowFaultMs : isSlow ? slowTokenMs : 0)
    if (wait > 0) await pause(wait, undefined, { ref: false })
    send(response, reply)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', 'http://provider')
    if (!url) return send(response, problem(400, 'invalid_url'))
    const call = await routes.call(request, url)
    if (call === null) return send(response, await routes.other(request, url))
    if ('status' in call) return send(response, call as Reply)
    return answerCall(call, response)
  }

  const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000 }, (request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) send(response, problem(500, 'internal'))
    })
  })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  await listening
  delivery.deliverTo(webhookUrl)

  return {
    name: 'provider',
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    deliverTo: delivery.deliverTo,
    turn: adversary.turn,
    movements: books.movements,
    /** Stopping twice is stopping once. */
    stop: async (): Promise<void> => {
      if (!server.listening) return
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
      await delivery.stop()
      books.close()
    },
  }
}

export type Provider = Awaited<ReturnType<typeof startProvider>>
