import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { callKey, signCall } from '#platform/auth.ts'
import { readConfig } from '#platform/config.ts'
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

  const tryGet = async (authorization: string) => {
    const path = `/graphql?query=${encodeURIComponent('{ viewer { kind } }')}`
    const headers = { authorization, 'apollo-require-preflight': 'yes' }
    const { status, text } = await safeRequest(shop, undefined, headers, { path, method: 'GET' })
    return { status, text }
  }

  const openSocket = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`${shop.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    return socket
  }

  /** The code and reason with which the socket is closed when its first message carries this header. */
  const tryInit = async (authorization: string): Promise<[number, string]> => {
    const socket = await openSocket()
    const closed = once(socket, 'close')
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
    const [code, reason] = await closed
    return [code, String(reason)]
  }

  /** The answer to an operation that brings headers of its own, as GraphiQL sends them. */
  const tryOperation = async (authorization: string): Promise<string> => {
    const socket = await openSocket()
    const operation = { query: '{ viewer { kind } }', extensions: { headers: { authorization } } }
    socket.send(JSON.stringify({ type: 'connection_init' }))
    await once(socket, 'message')
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: operation }))
    const [message] = await once(socket, 'message')
    socket.close()
    return String(message)
  }

  const refusedOperation =
    '{"id":"1","type":"error","payload":[{"message":"The access token is not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}'

  const refusedEverywhere = async (authorization: string, mistake: string) => {
    expect(await tryHeader(authorization), mistake).toEqual(unauthorized)
    expect(await tryGet(authorization), `${mistake}, GET`).toEqual(unauthorized)
    expect(await tryInit(authorization), `${mistake}, WebSocket`).toEqual([4403, 'Forbidden'])
    expect(await tryOperation(authorization), `${mistake}, operation`).toBe(refusedOperation)
  }

  /** What the gateway sends to subgraphs, as the value of a header: signed, but no access token. */
  const internalCall = (): string => {
    const { internalSecret } = readConfig({})
    const viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles: ['ADMIN'] } as const
    const call = { viewer, body: '{}', requestId: 'req_1' }
    return JSON.stringify(signCall({ key: callKey(internalSecret, 'users'), clock, nonce: () => 'once' }, call))
  }

  test('given forged tokens of every kind, over POST, GET and WebSocket, then all get one identical answer that does not say what was wrong (threat: tokens)', async () => {
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

    const evil = { privateKey: stranger.privateKey, jwk: stranger.publicKey.export({ format: 'jwk' }) }
    const { internalSecret } = readConfig({})
    const raw = (headerText: string, claimsText: string): string => {
      const text = `${part(headerText)}.${part(claimsText)}`
      return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    }
    const headerText = JSON.stringify(header)
    const claimsText = JSON.stringify(claims)
    expect(await tryHeader(`Bearer ${raw(headerText, claimsText)}`)).toMatchObject({ status: 200 })

    const forged: Record<string, string> = {
      'alg none': `${part({ ...header, alg: 'none' })}.${body}.`,
      'alg None': `${part({ ...header, alg: 'None' })}.${body}.`,
      'alg none with the old signature': `${part({ ...header, alg: 'none' })}.${body}.${signature}`,
      'no alg': es256({ ...header, alg: undefined }, claims),
      'HS256 with the public key in PEM': hs256(publicPem),
      'HS256 with the public key as JWK': hs256(JSON.stringify(publicKey.export({ format: 'jwk' }))),
      'HS256 with the secret of the calls inside': hs256(internalSecret),
      'ES384 by name': es256({ ...header, alg: 'ES384' }, claims),
      'another key': es256(header, claims, stranger.privateKey),
      'another key that comes along (jwk)': es256({ ...header, jwk: evil.jwk }, claims, evil.privateKey),
      'a good key that comes along (jwk)': es256({ ...header, jwk: publicKey.export({ format: 'jwk' }) }, claims),
      'a place of keys (jku)': es256({ ...header, jku: 'https://evil.example/jwks' }, claims, evil.privateKey),
      'a place of keys (jku) under a good signature': es256(
        { ...header, jku: `${shop.url}/.well-known/jwks.json` },
        claims,
      ),
      'a certificate (x5u)': es256({ ...header, x5u: 'https://evil.example/cert' }, claims, evil.privateKey),
      'a certificate that comes along (x5c)': es256({ ...header, x5c: ['MIIB'] }, claims, evil.privateKey),
      'another issuer': es256(header, { ...claims, iss: 'https://evil.example' }),
      'the issuer with a slash': es256(header, { ...claims, iss: `${claims.iss}/` }),
      'another audience': es256(header, { ...claims, aud: 'https://other.example' }),
      'our audience among others': es256(header, { ...claims, aud: [claims.aud, 'https://other.example'] }),
      'a token of another type': es256({ ...header, typ: 'JWT' }, claims),
      'an identity token': es256({ ...header, typ: 'id_token+jwt' }, claims),
      'no type': es256({ ...header, typ: undefined }, claims),
      'a critical extension': es256({ ...header, crit: ['b64'], b64: false }, claims),
      'a critical extension that everybody knows': es256({ ...header, crit: ['exp'] }, claims),
      'a compressed body': es256({ ...header, zip: 'DEF' }, claims),
      'an unknown key id': es256({ ...header, kid: 'unknown' }, claims),
      'an unknown key id of the right form': es256({ ...header, kid: 'x'.repeat(43) }, claims),
      'a key id that is a path': es256({ ...header, kid: '../../../../dev/null' }, claims, evil.privateKey),
      'a key id that is SQL': es256({ ...header, kid: "' UNION SELECT 'key' --" }, claims, evil.privateKey),
      'a key id that is a URL': es256({ ...header, kid: 'https://evil.example/key.pem' }, claims, evil.privateKey),
      'a key id that is a property': es256({ ...header, kid: '__proto__' }, claims, evil.privateKey),
      'no key id': es256({ ...header, kid: undefined }, claims),
      'a list of key ids': es256({ ...header, kid: [header.kid] }, claims),
      ...Object.fromEntries(
        ['exp', 'sub', 'sid', 'iss', 'aud', 'jti', 'iat', 'client_id', 'kind', 'roles'].map((name) => [
          `no ${name}`,
          es256(header, without(name)),
        ]),
      ),
      ...Object.fromEntries(
        ['sub', 'sid', 'jti', 'client_id'].flatMap((name) =>
          [7, null, '', { $ne: '' }, [claims[name]]].map((value) => [
            `${name} as ${JSON.stringify(value)}`,
            es256(header, { ...claims, [name]: value }),
          ]),
        ),
      ),
      'an end as text': es256(header, { ...claims, exp: String(claims.exp) }),
      'an end with a fraction': es256(header, { ...claims, exp: claims.exp + 0.5 }),
      'an end that never comes': es256(header, { ...claims, exp: 9_007_199_254_740_991 }),
      'an end in the past': es256(header, { ...claims, exp: now - 60 }),
      'an end just beyond the leeway': es256(header, { ...claims, iat: now - 60, exp: now - 5 }),
      'a beginning in the future': es256(header, { ...claims, nbf: now + 60 }),
      'a beginning far in the future': es256(header, { ...claims, nbf: 32_503_680_000 }),
      'a beginning as text': es256(header, { ...claims, nbf: String(now) }),
      'issued in the future': es256(header, { ...claims, iat: now + 40 }),
      'issued as text': es256(header, { ...claims, iat: String(claims.iat) }),
      'issued after its end': es256(header, { ...claims, iat: claims.exp }),
      'roles as text': es256(header, { ...claims, roles: 'ADMIN' }),
      'a role that is none': es256(header, { ...claims, roles: ['ROOT'] }),
      'a guest as number': es256(header, { ...claims, gst: 1 }),
      'the identity of a service': es256(header, { ...claims, kind: 'service', name: 'orders' }),
      'an anonymous identity': es256(header, { ...claims, kind: 'anonymous' }),
      'a session that does not exist': es256(header, { ...claims, sid: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
      'claims that are not an object': es256(header, 'text'),
      'claims that are a list': es256(header, [claims]),
      'claims that are null': es256(header, null),
      'a claim twice': raw(headerText, claimsText.replace('{', '{"sub":"usr_01ARZ3NDEKTSV4RRFFQ69G5FAV",')),
      'a header twice': raw(headerText.replace('{', '{"alg":"none",'), claimsText),
      'claims with slack': raw(headerText, `${claimsText} `),
      'other claims under the old signature': `${head}.${part({ ...claims, sub: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV' })}.${signature}`,
      'no signature': `${head}.${body}.`,
      'a signature of zeros': `${head}.${body}.${'A'.repeat(86)}`,
      'a signature in DER': `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`,
      'two parts': `${head}.${body}`,
      'four parts': `${token}.${signature}`,
      'padding after a part': `${head}=.${body}.${signature}`,
      junk: 'junk',
      dots: '...',
      'a call of the gateway inside': part(internalCall()),
      'a call of the gateway inside as claims': es256(header, JSON.parse(internalCall())),
      oversize: es256(header, { ...claims, padding: 'x'.repeat(5_000) }),
    }
    expect(Object.keys(forged).length).toBeGreaterThan(40)
    for (const [mistake, forgedToken] of Object.entries(forged))
      await refusedEverywhere(`Bearer ${forgedToken}`, mistake)
    for (const authorization of [`Basic ${token}`, token, 'Bearer', `Bearer ${token} ${token}`, `Bearer ${token},`]) {
      await refusedEverywhere(authorization, authorization.slice(0, 20))
    }
  }, 60_000)

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
