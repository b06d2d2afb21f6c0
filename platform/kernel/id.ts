import { ShopError } from './errors.ts'
import type { Clock } from './time.ts'

/** The kinds of thing that carry an id, as their prefixes. Public ids are opaque to clients; the prefix is for humans and checks. */
export const idKinds = [
  'addr',
  'adj',
  'cart',
  'cat',
  'evt',
  'gst',
  'line',
  'ord',
  'pay',
  'prod',
  'req',
  'ses',
  'txn',
  'usr',
  'var',
  'wrk',
] as const
export type IdKind = (typeof idKinds)[number]

/** Fills a buffer with random bytes; `crypto.getRandomValues` in production, a seeded generator in tests. */
export type RandomBytes = (length: number) => Uint8Array

export interface Ids {
  /** A new id such as `ord_01JD3K8ZQ5V7X9...`: 48 bits of time, then 80 random bits (ULID), so that ids sort by age. */
  next(kind: IdKind): string
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const shape = /^[a-z]+_[0-9A-HJKMNP-TV-Z]{26}$/

const encodeTime = (millis: number): string => {
  let rest = millis
  let text = ''
  for (let i = 0; i < 10; i++) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

const encodeRandom = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += alphabet.charAt(byte & 31)
  return text
}

export const makeIds = (clock: Clock, random: RandomBytes): Ids => ({
  next: (kind) => `${kind}_${encodeTime(clock.now())}${encodeRandom(random(16))}`,
})

export const isId = (kind: IdKind, text: string): boolean => text.startsWith(`${kind}_`) && shape.test(text)

/**
 * Checks an id that came from a client.
 * @throws ShopError BAD_USER_INPUT naming `field` when it is not an id of this kind.
 */
export const parseId = (kind: IdKind, text: string, field: readonly string[]): string => {
  if (!isId(kind, text)) throw new ShopError('BAD_USER_INPUT', 'This is not an id of this kind.', field)
  return text
}
