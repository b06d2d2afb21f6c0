import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { makeManualClock, minutes } from '#kernel/time.ts'
import { keysFromPem } from '#platform/keys.ts'
import { makeAccessTokens } from './accessTokens.ts'
import { startSession } from './domain/session.ts'

const signingKeyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const signingKeys = keysFromPem(signingKeyPem, 'the key')
const clock = makeManualClock(Date.UTC(2026, 10, 22) + 789)
const options = {
  signingKeys,
  issuer: 'https://shop.example',
  audience: 'https://api.shop.example',
  lifeSeconds: 300,
  clock,
  random: randomBytes,
}
const tokens = makeAccessTokens(options)

const sessionOf = (subject: Parameters<typeof startSession>[0]['subject']) =>
  startSession({ _id: 'ses_1', subject, familyHash: 'f', tokenHash: 't', userAgent: '', tokenVersion: 0 }, clock.now())
const ofGuest = sessionOf({ kind: 'guest', guestId: 'gst_1' })
const ofUser = sessionOf({ kind: 'user', accountId: 'usr_1', absorbedGuestId: 'gst_1' })

const publishedKey = () => JSON.parse(tokens.jwks()).keys[0]
const verified = (token: string) =>
  jwt.verify(token, createPublicKey({ key: publishedKey(), format: 'jwk' }), {
    algorithms: ['ES256'],
    issuer: options.issuer,
    audience: options.audience,
    clockTimestamp: Math.floor(clock.now() / 1_000),
    complete: true,
  })

describe('access tokens', () => {
  it('given the token of a guest, when verified with the published key, then it is an RFC 9068 token of 5 minutes', () => {
    const { token, expiresAt } = tokens.issue(ofGuest, [])
    const { header, payload } = verified(token)
    const iat = Math.floor(clock.now() / 1_000)
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: publishedKey().kid })
    expect(payload).toEqual({
      iss: 'https://shop.example',
      aud: 'https://api.shop.example',
      sub: 'gst_1',
      kind: 'guest',
      sid: 'ses_1',
      jti: expect.stringMatching(/^[\w-]{22}$/),
      iat,
      exp: iat + 300,
      client_id: 'emporion',
      roles: [],
    })
    expect(expiresAt).toBe((iat + 300) * 1_000)
    expect(expiresAt - clock.now()).toBeLessThanOrEqual(minutes(5))
  })

  it('given the token of a user who was a guest, then it tells both, and the roles', () => {
    const { payload } = verified(tokens.issue(ofUser, ['BUYER', 'SELLER']).token)
    expect(payload).toMatchObject({ sub: 'usr_1', kind: 'user', gst: 'gst_1', roles: ['BUYER', 'SELLER'] })
  })

  it('given two tokens of one session, then each has its own id', () => {
    expect(tokens.issue(ofGuest, []).token).not.toBe(tokens.issue(ofGuest, []).token)
  })

  it('given the key set, then it has the public half only, under the same name in every instance', () => {
    expect(Object.keys(publishedKey()).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(makeAccessTokens(options).jwks()).toBe(tokens.jwks())
  })
})
