import { createHash, createHmac, hkdfSync } from 'node:crypto'
import type { RandomBytes } from '#kernel/id.ts'
import type { MailToken, TokenPurpose } from './domain/mailToken.ts'

/** An id of 128 bits that may be stored and told, and 256 bits that only the mail carries. */
const shape = /^[\w-]{22}\.[\w-]{43}$/

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/**
 * Tokens that go out by mail. The secret part is an HMAC of the id, so that the fact "a mail is due" can travel and be repeated
 * without carrying the token, and the account keeps its SHA-256 only. Purpose and account are part of it: a token of one cannot
 * be turned into one of another.
 */
export const makeMailTokens = ({ secret, random }: { readonly secret: string; readonly random: RandomBytes }) => {
  const key = Buffer.from(hkdfSync('sha256', secret, 'emporion', 'mail-token', 32))
  const tokenOf = (accountId: string, purpose: TokenPurpose, id: string): string =>
    `${id}.${createHmac('sha256', key).update([purpose, accountId, id].join('\n')).digest('base64url')}`
  return {
    newId: (): string => Buffer.from(random(16)).toString('base64url'),
    /** Always the same id for the same cause, so that a fact that comes again makes no second token. */
    idFor: (cause: string): string => hashOf(cause).slice(0, 22),
    /** What leaves the house. */
    tokenOf,
    /** What is kept of it. */
    make: (accountId: string, purpose: TokenPurpose, id: string): Omit<MailToken, 'expiresAt'> => ({
      id,
      purpose,
      hash: hashOf(tokenOf(accountId, purpose, id)),
    }),
    /** What somebody showed; null when it cannot be a token of ours. */
    read: (token: string): Pick<MailToken, 'id' | 'hash'> | null =>
      shape.test(token) ? { id: token.slice(0, 22), hash: hashOf(token) } : null,
  }
}

export type MailTokens = ReturnType<typeof makeMailTokens>
