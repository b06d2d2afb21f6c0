import { CloseCode } from 'graphql-ws'

/** Why the gateway closes a socket. The table in PROTOCOL.md says the same; a reason is at most 123 bytes long (RFC 6455 5.5). */
export interface Closing {
  readonly code: number
  readonly reason: string
}

/** Service restart and try again later: the stock client comes back after both, with a pause that grows. */
const restart = 1012
const tryAgainLater = 1013
/** The client does what it may not: the stock client gives up. */
const policyViolation = 1008

export const closings = {
  restarting: { code: restart, reason: 'Restarting' },
  reloaded: { code: restart, reason: 'The schema has changed' },
  lifeOver: { code: restart, reason: 'Open for too long' },
  tooSlow: { code: tryAgainLater, reason: 'Reads too slowly' },
  tooManySockets: { code: tryAgainLater, reason: 'Too many sockets of this account' },
  unavailable: { code: tryAgainLater, reason: 'Try again later' },
  tooManyMessages: { code: policyViolation, reason: 'Too many messages' },
  invalidMessage: { code: CloseCode.BadRequest, reason: 'Invalid message received' },
  notAcknowledged: { code: CloseCode.Unauthorized, reason: 'Unauthorized' },
  // Three reasons to fetch a new token: the stock client asks its connectionParams again after this code, and gives up after 4401.
  tokenRefused: { code: CloseCode.Forbidden, reason: 'Forbidden' },
  tokenExpired: { code: CloseCode.Forbidden, reason: 'Access token expired' },
  sessionEnded: { code: CloseCode.Forbidden, reason: 'Session ended' },
  rolesChanged: { code: CloseCode.Forbidden, reason: 'Roles changed' },
  protocolRefused: { code: CloseCode.SubprotocolNotAcceptable, reason: 'Subprotocol not acceptable' },
  noInit: { code: CloseCode.ConnectionInitialisationTimeout, reason: 'Connection initialisation timeout' },
  secondInit: { code: CloseCode.TooManyInitialisationRequests, reason: 'Too many initialisation requests' },
} as const satisfies Record<string, Closing>

/** An id that is in use. It is the client's own text, so it is repeated only when it fits. */
export const idInUse = (id: string): Closing => {
  const reason = `Subscriber for ${id} already exists`
  const fits = Buffer.byteLength(reason) <= 123
  return { code: CloseCode.SubscriberAlreadyExists, reason: fits ? reason : 'Subscriber already exists' }
}

/** What clients close with, or what stands for no code at all (RFC 6455 7.4.1). */
const ofClients = [1000, 1001, 1005, 1006] as const

const known: ReadonlySet<number> = new Set([
  ...ofClients,
  CloseCode.SubscriberAlreadyExists,
  ...Object.values(closings).map(({ code }) => code),
])

/** A close code as a label of metrics: clients may close with any number. */
export const codeLabel = (code: number): string => (known.has(code) ? String(code) : 'other')
