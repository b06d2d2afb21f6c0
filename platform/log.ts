import { type DestinationStream, pino } from 'pino'
import { maskCardData } from '#kernel/cardData.ts'
import { presentCause } from './cause.ts'
import type { Config } from './config.ts'
import { metrics } from './metrics/table.ts'

/** Fields that a log line may carry. Anything else is dropped, so that a secret cannot slip in under a new name (rule R18). */
const allowedFields = new Set([
  'attempt',
  'cause',
  'code',
  'collection',
  'consumer',
  'count',
  'database',
  'durationMs',
  'event',
  'eventId',
  'job',
  'operation',
  'orderId',
  'path',
  'pid',
  'port',
  'reason',
  'requestId',
  'stack',
  'status',
  'step',
  'subgraph',
  'unit',
  'url',
  'viewerKind',
])

/** Most characters of one field. */
const maxText = 2_000

/** Most bytes of all fields of a line together, as JSON, so that the line stays below 8 kB (rule R13). */
const maxFields = 7_000

const maxMessage = 200

/**
 * Credentials inside a URL: `mongodb://user:password@host`, `redis://:password@host`, `https://token@host`. Up to the last @,
 * for passwords with unescaped characters; the bound on their length keeps hostile text from costing quadratic time.
 */
const credentials = /\/\/(?:[^/\s:@]{0,200}:\S{0,400}|[^/\s:@]{1,400})@/g

const longestCredentials = 610

/** Masked and shortened. Long text is cut first, and what the cut may have torn so that it no longer looks like a URL goes too. */
const maskedText = (text: string, most: number): string => {
  const head = text.slice(0, 2 * maxText)
  const masked = maskCardData(head.replace(credentials, '//***@'))
  return masked.slice(0, head === text ? most : Math.max(0, Math.min(most, masked.length - longestCredentials)))
}

const clean = (value: unknown): unknown => {
  if (typeof value === 'string') return maskedText(value, maxText)
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

const cut = (text: string, bytes: number): string => {
  const end = [1, 0.5, 0.25, 0.1].map((share) => Math.floor(text.length * share))
  return text.slice(0, end.find((length) => bytesOf(text.slice(0, length)) <= bytes) ?? 0)
}

/** Shortens what does not fit: characters are not bytes, and JSON writes a control character as six. */
const bounded = (fields: Record<string, unknown>): Record<string, unknown> => {
  let left = maxFields
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const fitting = typeof value === 'string' ? cut(value, left - key.length - 4) : value
      left -= bytesOf(fitting) + key.length + 4
      return [key, fitting]
    }),
  )
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** The same log, with fields added to each line. */
  with(fields: LogFields): Log
}

const allowed = (fields: LogFields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (allowedFields.has(key) ? [[key, clean(value)]] : [])),
  )

/** The request that the line comes of, whoever writes it. */
const ofRequest = (): Record<string, unknown> => {
  const cause = presentCause()
  return cause ? { requestId: clean(cause.requestId) } : {}
}

/** Structured log lines (JSON) on standard output. */
export const makeLog = (level: Config['logLevel'], destination?: DestinationStream): Log => {
  const sink = pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? pino.destination(1),
  )
  // What is bound is cleaned when a line is written: most requests write none.
  const make = (bound: LogFields): Log => {
    const write =
      (method: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, fields: LogFields = {}) => {
        if (!sink.isLevelEnabled(method)) return
        metrics.logLines.inc({ level: method })
        sink[method](bounded({ ...ofRequest(), ...allowed({ ...bound, ...fields }) }), maskedText(message, maxMessage))
      }
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      with: (fields) => make({ ...bound, ...fields }),
    }
  }
  return make({})
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)

/** The fields of a fault: its text and stack, for the log only. A fault from another process is a plain object with a message. */
export const faultFields = (error: unknown): LogFields =>
  error instanceof Error
    ? { cause: `${error.name}: ${error.message}`, stack: error.stack }
    : { cause: messageOf(error) }
