import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Adversary, parseWeather } from './adversary.ts'
import type { Books } from './books.ts'
import type { Calls } from './calls.ts'
import { ok, problem, type Reply, readJson } from './http.ts'
import type { Delivery } from './webhooks.ts'

export interface RoutesDeps {
  readonly books: Books
  readonly calls: Calls
  readonly adversary: Adversary
  readonly delivery: Delivery
  readonly secret: string
}

const maxMovements = 10_000
const maxKey = 1_000

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const numberOf = (url: URL, name: string, fallback: number): number => {
  const given = url.searchParams.get(name)
  return given !== null && /^\d{1,15}$/.test(given) ? Number(given) : fallback
}

const isLocal = ({ socket }: IncomingMessage): boolean =>
  ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '')

/** A form on a web page cannot send this type without asking first: nobody's browser is made to turn the weather. */
const isJson = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/json') === true

/** Everything that is answered besides the calls that move money. */
export const makeRoutes = ({ books, calls, adversary, delivery, secret }: RoutesDeps) => {
  const expected = digest(`Bearer ${secret}`)

  const isMerchant = ({ headers }: IncomingMessage): boolean =>
    timingSafeEqual(digest(headers.authorization ?? ''), expected)

  const movements = (url: URL): Reply => {
    const limit = Math.min(numberOf(url, 'limit', maxMovements), maxMovements)
    const found = books.movements(numberOf(url, 'after', 0), limit)
    return ok({ movements: found, next: found.length === limit ? (found.at(-1)?.seq ?? null) : null })
  }

  const lookup = (url: URL): Reply | null => {
    const [, kind, id] = /^\/v1\/(answers|charges)\/([^/]+)$/.exec(url.pathname) ?? []
    if (!kind || !id) return null
    const name = decodeURIComponent(id)
    const found = kind === 'answers' ? books.answer(name)?.answer : books.charge(name)
    return found ? ok(found) : problem(404, 'not_found')
  }

  const turnWeather = (body: unknown): Reply => {
    const weather = parseWeather(body)
    if (!weather) return problem(400, 'invalid_weather')
    adversary.turn(weather)
    return ok(weather)
  }

  const directDeliveries = (body: Record<string, unknown> | null): Reply => {
    const url = body?.url
    if (url !== null && (typeof url !== 'string' || !URL.canParse(url))) return problem(400, 'invalid_url')
    delivery.deliverTo(url)
    return ok({ url })
  }

  /** For whoever runs the sandbox: from this machine without the secret. */
  const admin = async (request: IncomingMessage, url: URL): Promise<Reply | null> => {
    const route = `${request.method} ${url.pathname}`
    if (route === 'GET /movements') return movements(url)
    if (route === 'GET /adversary') return ok(adversary.weather())
    const authenticated = /^POST \/charges\/([^/]+)\/authenticate$/.exec(route)?.[1]
    if (!authenticated && route !== 'POST /adversary' && route !== 'PUT /webhooks') return null
    if (!isJson(request)) return problem(415, 'send_json')
    if (authenticated) return calls.authenticate(decodeURIComponent(authenticated))
    const body = await readJson(request)
    return route === 'POST /adversary' ? turnWeather(body) : directDeliveries(body)
  }

  return {
    /** The call that a request asks for; a reply when it cannot be one; null: it is no call. */
    call: async (request: IncomingMessage, url: URL) => {
      const [, id, verb] = /^\/v1\/charges(?:\/([^/]+)\/(\w+))?$/.exec(url.pathname) ?? []
      if (request.method !== 'POST' || !url.pathname.startsWith('/v1/charges')) return null
      if (!isMerchant(request)) return problem(401, 'unauthorized')
      const key = decodeURIComponent(String(request.headers['idempotency-key'] ?? ''))
      if (key === '' || key.length > maxKey) return problem(400, 'key_missing')
      const body = await readJson(request)
      if (!body) return problem(400, 'invalid_request')
      return { verb: verb ?? 'authorize', charge: id === undefined ? null : decodeURIComponent(id), key, body }
    },

    other: async (request: IncomingMessage, url: URL): Promise<Reply> => {
      if (url.pathname.startsWith('/health/')) return ok({ ready: true })
      const isTrusted = isMerchant(request)
      if (isTrusted && request.method === 'GET') {
        const found = url.pathname === '/v1/movements' ? movements(url) : lookup(url)
        if (found) return found
      }
      if (!isTrusted && (url.pathname.startsWith('/v1/') || !isLocal(request))) return problem(401, 'unauthorized')
      return (await admin(request, url)) ?? problem(404, 'not_found')
    },
  }
}

export type Routes = ReturnType<typeof makeRoutes>
