import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Tokens that show one order to whoever holds them: an HMAC-SHA256 over its id, so that nothing has to be stored. */
export interface AccessTokens {
  make(orderId: string): string
  isValid(orderId: string, token: string): boolean
}

export const makeAccessTokens = (secret: string): AccessTokens => {
  const sign = (orderId: string): Buffer => createHmac('sha256', secret).update(`order:${orderId}`).digest()
  return {
    make: (orderId) => sign(orderId).toString('base64url'),
    isValid: (orderId, token) => {
      const given = Buffer.from(token, 'base64url')
      const expected = sign(orderId)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
