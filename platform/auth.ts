import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import { ShopError } from '#kernel/errors.ts'
import { type Clock, type Millis, seconds } from '#kernel/time.ts'

const roles = ['BUYER', 'SELLER', 'SUPPORT', 'ADMIN'] as const
export type Role = (typeof roles)[number]
export const isRole = (value: unknown): value is Role => roles.some((role) => role === value)

/** Who is behind a call. The gateway decides it from the access token; subgraphs believe only what it signed (rule R10). */
export type Viewer =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'guest'; readonly id: string; readonly sessionId: string }
  | {
      readonly kind: 'user'
      readonly id: string
      readonly sessionId: string
      readonly roles: readonly Role[]
      /** The guest session that this sign-in absorbed: its cart belongs to the user now. */
      readonly guestId?: string
    }
  | { readonly kind: 'service'; readonly name: string }

/** Where a request came from, as the gateway saw it: for the list of sessions, for limits and for the audit log. */
export interface Client {
  /** IP address; empty when nobody outside asked. */
  readonly address: string
  /** At most 300 characters of the User-Agent header. */
  readonly userAgent: string
}

/** The client of a call that no request from outside caused. */
export const noClient: Client = { address: '', userAgent: '' }

/** Where the gateway keeps for a second whether a session stands; whoever ends a session removes it there. */
export const sessionCacheKey = (sessionId: string): string => `session:${sessionId}`

export const anonymous: Viewer = { kind: 'anonymous' }
export const service = (name: string): Viewer => ({ kind: 'service', name })

export type Shopper = Extract<Viewer, { kind: 'guest' | 'user' }>
export type User = Extract<Viewer, { kind: 'user' }>

export const isShopper = (viewer: Viewer): viewer is Shopper => viewer.kind === 'guest' || viewer.kind === 'user'
export const hasRole = (viewer: Viewer, ...roles: readonly Role[]): boolean =>
  viewer.kind === 'user' && viewer.roles.some((role) => roles.includes(role))
/** Whether the viewer may do what is for this seller alone: the seller, and administrators. */
export const actsFor = (viewer: Viewer, sellerId: string): boolean =>
  hasRole(viewer, 'ADMIN') || (viewer.kind === 'user' && viewer.id === sellerId)
export const isService = (viewer: Viewer, ...names: readonly string[]): boolean =>
  viewer.kind === 'service' && names.includes(viewer.name)

/** What `@requiresScopes` asks for. */
const scopes = {
  'audit:read': ['ADMIN'],
  'accounts:manage': ['ADMIN'],
  'locations:manage': ['ADMIN'],
  'operations:manage': ['ADMIN'],
  'products:write': ['SELLER', 'ADMIN'],
  'stock:write': ['SELLER', 'ADMIN'],
  'prices:write': ['SELLER', 'ADMIN'],
  'payments:refund': ['SUPPORT', 'ADMIN'],
  'payments:compare': ['ADMIN'],
} as const satisfies Record<string, readonly Role[]>

export type Scope = keyof typeof scopes

const scopesOfRole = new Map(
  roles.map((role) => [
    role,
    Object.entries(scopes).flatMap(([scope, holders]) => ((holders as readonly Role[]).includes(role) ? [scope] : [])),
  ]),
)

/** The scopes of a viewer: those of its roles, as the account has them now. */
export const scopesOf = (viewer: Viewer): ReadonlySet<string> =>
  new Set(viewer.kind === 'user' ? viewer.roles.flatMap((role) => scopesOfRole.get(role) ?? []) : [])

const unauthenticated = (): ShopError =>
  new ShopError('UNAUTHENTICATED', 'This needs an access token: sign in or continue as guest.')
const forbidden = (): ShopError => new ShopError('FORBIDDEN', 'The viewer may not do this.')

/** @throws ShopError UNAUTHENTICATED unless the viewer is a guest or a user. */
export const requireShopper = (viewer: Viewer): Shopper => {
  if (isShopper(viewer)) return viewer
  throw unauthenticated()
}

/** @throws ShopError UNAUTHENTICATED or FORBIDDEN unless the viewer is a user with one of the roles. */
export const requireRole = (viewer: Viewer, ...roles: readonly Role[]): User => {
  if (viewer.kind === 'user' && hasRole(viewer, ...roles)) return viewer
  throw viewer.kind === 'anonymous' ? unauthenticated() : forbidden()
}

/** @throws ShopError FORBIDDEN unless the call comes from one of these services. */
export const requireService = (viewer: Viewer, ...names: readonly string[]): void => {
  if (!isService(viewer, ...names)) throw forbidden()
}

/** One call from the gateway or a sibling to a subgraph, as it is signed. */
export interface Call {
  readonly viewer: Viewer
  readonly body: string
  readonly requestId: string
  /** The span that this call belongs to (W3C Trace Context), when somebody traces. */
  readonly traceparent?: string
  readonly client?: Client
  /** Milliseconds after which nobody waits for the answer any more. */
  readonly remainingMs?: number
}

export type CallHeaders = Readonly<Record<string, string>>

export const callHeader = {
  viewer: 'x-emporion-viewer',
  client: 'x-emporion-client',
  time: 'x-emporion-time',
  nonce: 'x-emporion-nonce',
  /** A span and not a time of day: it holds whatever the clocks of two machines say. */
  remaining: 'x-emporion-remaining',
  signature: 'x-emporion-signature',
  requestId: 'x-request-id',
  traceparent: 'traceparent',
} as const

/** A signature is good for 30 s in both directions (parameters table: gateway -> subgraph). */
export const signatureWindow = seconds(30)

/** The key for calls to one subgraph: knowing one does not open the others. */
export const callKey = (secret: string, subgraph: string): KeyObject =>
  // A key object and not its bytes: those would be converted for each signature, four times the cost of the HMAC itself.
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'emporion', `call:${subgraph}`, 32)))

const signature = (key: KeyObject, parts: readonly string[], body: string): Buffer =>
  createHmac('sha256', key)
    .update(['POST', '/graphql', ...parts, hash('sha256', body, 'base64url')].join('\n'))
    .digest()

export interface CallSigner {
  readonly key: KeyObject
  readonly clock: Clock
  readonly nonce: () => string
}

/** The headers that make a call believable: viewer, client, time, nonce, time that is left, and an HMAC-SHA256 over them, the method, the path and the body. */
export const signCall = ({ key, clock, nonce }: CallSigner, call: Call): CallHeaders => {
  const viewer = Buffer.from(JSON.stringify(call.viewer)).toString('base64url')
  const time = String(clock.now())
  const once = nonce()
  const client = call.client ? Buffer.from(JSON.stringify(call.client)).toString('base64url') : ''
  const remaining = call.remainingMs === undefined ? '' : String(call.remainingMs)
  const { requestId, traceparent = '' } = call
  const parts = [viewer, time, once, requestId, client, remaining, ...(traceparent ? [traceparent] : [])]
  return {
    [callHeader.viewer]: viewer,
    ...(client && { [callHeader.client]: client }),
    [callHeader.time]: time,
    [callHeader.nonce]: once,
    ...(remaining && { [callHeader.remaining]: remaining }),
    [callHeader.requestId]: requestId,
    ...(traceparent && { [callHeader.traceparent]: traceparent }),
    [callHeader.signature]: signature(key, parts, call.body).toString('base64url'),
  }
}

export interface VerifiedCall {
  readonly viewer: Viewer
  readonly client?: Client
  readonly nonce: string
  readonly requestId: string
  readonly traceparent?: string
  readonly remainingMs?: number
}

/** A clock, and who wants to know by how much it is ahead of that of the sender, for each call whose signature is right. */
export interface CallClock extends Clock {
  readonly heard?: (aheadMs: Millis) => void
}

/** The viewer of a call, or null when the signature is missing, wrong or older than 30 s. All reasons look the same outside. */
export const readCall = (key: KeyObject, clock: CallClock, headers: CallHeaders, body: string): VerifiedCall | null => {
  const [viewer, time, nonce, given] = [callHeader.viewer, callHeader.time, callHeader.nonce, callHeader.signature].map(
    (name) => headers[name] ?? '',
  ) as [string, string, string, string]
  const requestId = headers[callHeader.requestId] ?? ''
  const client = headers[callHeader.client] ?? ''
  const remaining = headers[callHeader.remaining] ?? ''
  const traceparent = headers[callHeader.traceparent] ?? ''
  const parts = [viewer, time, nonce, requestId, client, remaining, ...(traceparent ? [traceparent] : [])]
  const expected = signature(key, parts, body)
  const actual = Buffer.from(given, 'base64url')
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null
  const aheadMs = clock.now() - Number(time)
  clock.heard?.(aheadMs)
  if (!(Math.abs(aheadMs) <= signatureWindow)) return null
  const decode = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString())
  return {
    viewer: decode(viewer) as Viewer,
    nonce,
    requestId,
    ...(traceparent && { traceparent }),
    ...(client && { client: decode(client) as Client }),
    ...(remaining && { remainingMs: Number(remaining) }),
  }
}

/** Remembers nonces for the life of a signature, so that a replayed mutation is refused. Bounded: the oldest half goes first. */
export const makeNonceMemory = (clock: Clock, limit = 100_000) => {
  let young = new Set<string>()
  let old = new Set<string>()
  let turned = clock.now()
  return {
    /** True when this nonce was not seen before. */
    first: (nonce: string): boolean => {
      if (clock.now() - turned > 2 * signatureWindow || young.size > limit) {
        old = young
        young = new Set()
        turned = clock.now()
      }
      if (young.has(nonce) || old.has(nonce)) return false
      young.add(nonce)
      return true
    },
  }
}
