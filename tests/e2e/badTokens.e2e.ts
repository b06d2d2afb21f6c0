import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { type Answer, get, type TestShop } from '../client.ts'
import { signUp } from '../people.ts'
import { startTogether } from '../shop.ts'
import { safeRequest } from './safeRequest.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const clock = makeManualClock(Date.now())

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether({ SIGNING_KEY_PEM: pem, ACCESS_TOKEN_SECONDS: '60' }, { clock })
})
afterAll(() => shop?.stop())

describe('access tokens that are no good', () => {
  const part = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

  const es256 = (header: object, claims: unknown, key: KeyObject = privateKey): string => {
    const body = `${part(header)}.${part(claims)}`
    return `${body}.${sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }

  /** A good token of a new account, taken apart, so that a test can put it together again with one mistake. */
  const parts = async () => {
    const { token } = await signUp(shop)
    const { header, payload } = jwt.decode(token, { complete: true }) as jwt.Jwt
    return { token, header: header as Answer, claims: payload as Answer }
  }

  const unauthorized = {
    status: 401,
    text: '{"errors":[{"message":"The access token is not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}',
  }

  const tryHeader = async (authorization: string) => {
    const { status, text } = await safeRequest(shop, { query: '{ viewer { kind } }' }, { authorization })
    return { status, text }
  }

  test('given forged tokens of every kind, then all get one identical answer that does not say what was wrong', async () => {
    const { token, header, claims } = await parts()
    const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const hs256 = (secret: string) => {
      const body = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`
      return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
    }
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const [head, body, signature] = token.split('.')
    const now = Math.floor(clock.now() / 1_000)

    // Put together again without a mistake, a token is good: so each one below fails for the reason it is here.
    expect(await tryHeader(`Bearer ${es256(header, claims)}`)).toMatchObject({ status: 200 })

    const forged: Record<string, string> = {
      'alg none': `${part({ ...header, alg: 'none' })}.${body}.`,
      'alg none with the old signature': `${part({ ...header, alg: 'none' })}.${body}.${signature}`,
      'HS256 with the public key in PEM': hs256(publicPem),
      'HS256 with the public key as JWK': hs256(JSON.stringify(publicKey.export({ format: 'jwk' }))),
      'another key': es256(header, claims, stranger.privateKey),
      'another key that comes along': es256(
        { ...header, jwk: stranger.publicKey.export({ format: 'jwk' }) },
        claims,
        stranger.privateKey,
      ),
      'another issuer': es256(header, { ...claims, iss: 'https://evil.example' }),
      'another audience': es256(header, { ...claims, aud: 'https://other.example' }),
      'a token of another type': es256({ ...header, typ: 'JWT' }, claims),
      'no type': es256({ ...header, typ: undefined }, claims),
      'a critical extension': es256({ ...header, crit: ['b64'], b64: false }, claims),
      'an unknown key id': es256({ ...header, kid: 'unknown' }, claims),
      'a key id that is a path': es256({ ...header, kid: '../../../../dev/null' }, claims, stranger.privateKey),
      'a key id that is a property': es256({ ...header, kid: '__proto__' }, claims, stranger.privateKey),
      'no key id': es256({ ...header, kid: undefined }, claims),
      'a list of key ids': es256({ ...header, kid: [header.kid] }, claims),
      ...Object.fromEntries(
        ['exp', 'sub', 'sid', 'iss', 'aud', 'jti', 'iat', 'client_id', 'kind'].map((name) => [
          `no ${name}`,
          es256(header, without(name)),
        ]),
      ),
      'an end as text': es256(header, { ...claims, exp: String(claims.exp) }),
      'an end in the past': es256(header, { ...claims, exp: now - 60 }),
      'a beginning in the future': es256(header, { ...claims, nbf: now + 60 }),
      'the identity of a service': es256(header, { ...claims, kind: 'service', name: 'orders' }),
      'a session that does not exist': es256(header, { ...claims, sid: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
      'claims that are not an object': es256(header, 'text'),
      'other claims under the old signature': `${head}.${part({ ...claims, sub: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV' })}.${signature}`,
      'no signature': `${head}.${body}.`,
      'two parts': `${head}.${body}`,
      junk: 'junk',
      dots: '...',
      oversize: es256(header, { ...claims, padding: 'x'.repeat(5_000) }),
    }
    for (const [mistake, forgedToken] of Object.entries(forged)) {
      expect(await tryHeader(`Bearer ${forgedToken}`), mistake).toEqual(unauthorized)
    }
    for (const authorization of [`Basic ${token}`, token, 'Bearer', `Bearer ${token} ${token}`, `Bearer ${token},`]) {
      expect(await tryHeader(authorization), authorization.slice(0, 20)).toEqual(unauthorized)
    }
  })

  test('given a token that claims more roles than its account has, then the account decides', async () => {
    const { header, claims } = await parts()
    const { text } = await safeRequest(
      shop,
      { query: '{ viewer { roles } }' },
      { authorization: `Bearer ${es256(header, { ...claims, roles: ['ADMIN'] })}` },
    )
    expect(JSON.parse(text).data.viewer.roles).toEqual(['BUYER'])
  })

  test('given a session that was signed out, then its token is refused within a second', async () => {
    const { token } = await parts()
    expect((await tryHeader(`Bearer ${token}`)).status).toBe(200)
    await get(shop, 'mutation { signOut { endedSessions } }', {}, token)
    clock.advance(seconds(1) + 1)
    expect(await tryHeader(`Bearer ${token}`)).toEqual(unauthorized)
  })

  test('given a token of 60 seconds, when they and the leeway of 5 have passed, then it is refused like any other', async () => {
    const { token } = await parts()
    clock.advance(seconds(60))
    expect((await tryHeader(`Bearer ${token}`)).status).toBe(200)
    clock.advance(seconds(6))
    expect(await tryHeader(`Bearer ${token}`)).toEqual(unauthorized)
  })
})
