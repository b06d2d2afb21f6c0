import { createHash, createHmac, hkdfSync } from 'node:crypto'
import type { RandomBytes } from '#kernel/id.ts'
import type { Presented } from './domain/session.ts'

/** A token as it leaves the house, with what may be kept of it. */
export interface NewFamily {
  readonly token: string
  readonly familyHash: string
  readonly tokenHash: string
}

export interface ReadToken {
  readonly familyHash: string
  readonly presented: Presented
  /** The only token that may follow. */
  readonly successor: string
}

/** Two parts in base64url: 128 bits that name the family and stay, 256 bits that are new with every exchange. */
const shape = /^[\w-]{22}\.[\w-]{43}$/

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')
const familyOf = (token: string): string => token.slice(0, 22)
const tokenOf = (family: string, secret: Uint8Array): string => `${family}.${Buffer.from(secret).toString('base64url')}`

/**
 * Opaque refresh tokens. Only SHA-256 hashes are stored: 256 random bits need no slow hash. A successor is an HMAC of its parent,
 * so that simultaneous exchanges of one token answer the same successor without keeping any token; who holds a token cannot
 * compute the next one without the secret.
 */
export const makeRefreshTokens = ({ secret, random }: { secret: string; random: RandomBytes }) => {
  const key = Buffer.from(hkdfSync('sha256', secret, 'emporion', 'refresh-token-successor', 32))
  const successorOf = (token: string): string =>
    tokenOf(familyOf(token), createHmac('sha256', key).update(token).digest())
  return {
    /** The first token of a new family. */
    begin: (): NewFamily => {
      const family = Buffer.from(random(16)).toString('base64url')
      const token = tokenOf(family, random(32))
      return { token, familyHash: hash(family), tokenHash: hash(token) }
    },
    /** What a client showed; null when it cannot be a token of ours. */
    read: (token: string): ReadToken | null => {
      if (!shape.test(token)) return null
      const successor = successorOf(token)
      const presented = { tokenHash: hash(token), successorHash: hash(successor) }
      return { familyHash: hash(familyOf(token)), presented, successor }
    },
  }
}

export type RefreshTokens = ReturnType<typeof makeRefreshTokens>
