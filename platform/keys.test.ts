import { createPublicKey, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadSigningKey, type SigningKey } from './keys.ts'

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const pemOf = (namedCurve: string, type: 'pkcs8' | 'sec1' = 'pkcs8'): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type, format: 'pem' }).toString()

const given = (signingKeyPem: string): Promise<SigningKey> => loadSigningKey({ signingKeyPem, dataDir: '/nowhere' })

test('given no key, when many start at once, then one key is made and all have it', async () => {
  const dataDir = await makeFolder()
  const keys = await Promise.all(Array.from({ length: 12 }, () => loadSigningKey({ signingKeyPem: null, dataDir })))
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1)
  expect(await readdir(join(dataDir, 'keys'))).toEqual(['access-token.pem'])
  expect((await loadSigningKey({ signingKeyPem: null, dataDir })).kid).toBe(keys[0]?.kid)
})

test('given a key that was made, when its file is looked at, then only the owner can read it', async () => {
  const dataDir = await makeFolder()
  const { privatePem } = await loadSigningKey({ signingKeyPem: null, dataDir })
  const file = join(dataDir, 'keys/access-token.pem')
  expect(await readFile(file, 'utf8')).toBe(privatePem)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('given a key, when something is signed with it, then its public half verifies and holds nothing private', async () => {
  const { privatePem, publicJwk, kid } = await given(pemOf('P-256'))
  const signature = createSign('sha256').update('token').sign(privatePem)
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

test('given the key of RFC 7517, when its id is made, then it is the thumbprint of RFC 7638', async () => {
  const { createPrivateKey } = await import('node:crypto')
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
  const { kid } = await given(key.export({ type: 'pkcs8', format: 'pem' }).toString())
  expect(kid).toBe('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s')
})

test('given a PEM in the environment, when it is in either form or has its line breaks as \\n, then it is the same key', async () => {
  const pem = pemOf('P-256')
  expect((await given(pem.replaceAll('\n', '\\n'))).kid).toBe((await given(pem)).kid)
  expect((await given(pemOf('P-256', 'sec1'))).kid).toHaveLength(43)
})

test('given another curve or no private key at all, when it is read, then the variable is named and the key is not shown', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const publicPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
  for (const pem of [pemOf('P-384'), pemOf('secp256k1'), rsa, publicPem, 'canary', pemOf('P-256').slice(0, 100)]) {
    await expect(given(pem.toString())).rejects.toThrow(/^SIGNING_KEY_PEM must hold a P-256 private key \(PEM\)\.$/)
  }
})

test('given a broken file, when it is read, then the file is named and left alone', async () => {
  const dataDir = await makeFolder()
  const file = join(dataDir, 'keys/access-token.pem')
  await mkdir(join(dataDir, 'keys'))
  for (const content of ['', 'junk']) {
    await writeFile(file, content)
    await expect(loadSigningKey({ signingKeyPem: null, dataDir })).rejects.toThrow(`${file} must hold`)
    expect(await readFile(file, 'utf8')).toBe(content)
  }
})
