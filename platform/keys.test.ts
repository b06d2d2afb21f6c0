import { createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { keysFromPem, makeThrowawayKeys, type SigningKey } from './keys.ts'

const pemOf = (namedCurve: string, type: 'pkcs8' | 'sec1' = 'pkcs8'): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type, format: 'pem' }).toString()

const given = (pem: string): SigningKey => keysFromPem(pem, 'SIGNING_KEY_PEM').current()

test('given a key, when something is signed with it, then its public half verifies and holds nothing private', () => {
  const { privateKey, publicJwk, kid } = given(pemOf('P-256'))
  const signature = createSign('sha256').update('token').sign(privateKey)
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' })
  expect(createVerify('sha256').update('token').verify(publicKey, signature)).toBe(true)
  expect(publicJwk).toEqual({
    kty: 'EC',
    crv: 'P-256',
    x: expect.any(String),
    y: expect.any(String),
    kid,
    alg: 'ES256',
    use: 'sig',
  })
})

test('given the key of RFC 7517, when its id is made, then it is the thumbprint of RFC 7638', () => {
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
      d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE',
    },
  })
  const { kid } = given(key.export({ type: 'pkcs8', format: 'pem' }).toString())
  expect(kid).toBe('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s')
})

test('given a PEM in the environment, when it is in either form or has its line breaks as \\n, then it is the same key', () => {
  const pem = pemOf('P-256')
  expect(given(pem.replaceAll('\n', '\\n')).kid).toBe(given(pem).kid)
  expect(given(pemOf('P-256', 'sec1')).kid).toHaveLength(43)
})

test('given another curve or no private key at all, when it is read, then the variable is named and the key is not shown', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const publicPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
  for (const pem of [pemOf('P-384'), pemOf('secp256k1'), rsa, publicPem, 'canary', pemOf('P-256').slice(0, 100)]) {
    expect(() => given(pem.toString())).toThrow(/^SIGNING_KEY_PEM must hold a P-256 private key \(PEM\)\.$/)
  }
})

test('given several keys in one text, when they are read, then the first signs and all are published', () => {
  const pems = [pemOf('P-256'), pemOf('P-256', 'sec1'), pemOf('P-256')]
  const keys = keysFromPem(pems.join(''), 'SIGNING_KEY_PEM')
  expect(keys.published().map(({ kid }) => kid)).toEqual(pems.map((pem) => given(pem).kid))
  expect(keys.current().kid).toBe(given(pems[0]!).kid)
  expect(() => keysFromPem(`${pemOf('P-256')}${pemOf('P-384')}`, 'SIGNING_KEY_PEM')).toThrow(
    /^SIGNING_KEY_PEM must hold/,
  )
})

test('given a process that signs nothing, when it gets a key, then it is one that nobody else has', () => {
  expect(makeThrowawayKeys().current().kid).not.toBe(makeThrowawayKeys().current().kid)
})
