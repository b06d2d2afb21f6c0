import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import { ShopError } from '#kernel/errors.ts'
import { type Clock, seconds } from '#kernel/time.ts'

export type Role = 'BUYER' | 'SELLER' | 'SUPPORT' | 'ADMIN'

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

export const anonymous: Viewer = { kind: 'anonymous' }
export const service = (name: string): Viewer => ({ kind: 'service', name })

export type Shopper = Extract<Viewer, { kind: 'guest' | 'user' }>
export type User = Extract<Viewer, { kind: 'user' }>

export const isShopper = (viewer: Viewer): viewer is Shopper => viewer.kind === 'guest' || viewer.kind === 'user'
export const hasRole = (viewer: Viewer, ...roles: readonly Role[]): boolean =>
  viewer.kind === 'user' && viewer.roles.some((role) => roles.includes(role))
export const isService = (viewer: Viewer, ...names: readonly string[]): boolean =>
  viewer.kind === 'service' && names.includes(viewer.name)

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
}

export type CallHeaders = Readonly<Record<string, string>>

export const callHeader = {
  viewer: 'x-emporion-viewer',
  time: 'x-emporion-time',
  nonce: 'x-emporion-nonce',
  signature: 'x-emporion-signature',
  requestId: 'x-request-id',
} as const

/** A signature is good for 30 s in both directions (parameters table: gateway -> subgraph). */
const signatureWindow = seconds(30)

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

/** The headers that make a call believable: viewer, time, nonce, and an HMAC-SHA256 over them, the method, the path and the body. */
export const signCall = ({ key, clock, nonce }: CallSigner, call: Call): CallHeaders => {
  const viewer = Buffer.from(JSON.stringify(call.viewer)).toString('base64url')
  const time = String(clock.now())
  const once = nonce()
  return {
    [callHeader.viewer]: viewer,
    [callHeader.time]: time,
    [callHeader.nonce]: once,
    [callHeader.requestId]: call.requestId,
    [callHeader.signature]: signature(key, [viewer, time, once, call.requestId], call.body).toString('base64url'),
  }
}

export interface VerifiedCall {
  readonly viewer: Viewer
  readonly nonce: string
  readonly requestId: string
}

/** The viewer of a call, or null when the signature is missing, wrong or older than 30 s. All reasons look the same outside. */
export const readCall = (key: KeyObject, clock: Clock, headers: CallHeaders, body: string): VerifiedCall | null => {
  const [viewer, time, nonce, given] = [callHeader.viewer, callHeader.time, callHeader.nonce, callHeader.signature].map(
    (name) => headers[name] ?? '',
  ) as [string, string, string, string]
  const requestId = headers[callHeader.requestId] ?? ''
  const expected = signature(key, [viewer, time, nonce, requestId], body)
  const actual = Buffer.from(given, 'base64url')
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null
  if (!(Math.abs(clock.now() - Number(time)) <= signatureWindow)) return null
  return { viewer: JSON.parse(Buffer.from(viewer, 'base64url').toString()) as Viewer, nonce, requestId }
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
