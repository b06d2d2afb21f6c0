import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { makeCertificate, writeCertificate } from '../../commands/certificate/make.ts'
import { readCertificate } from '../../platform/certificate.ts'
import { ConfigError, readConfig } from '../../platform/config.ts'
import { days } from '../../platform/kernel/time.ts'
import { startTogether } from '../shop.ts'

const now = Date.now()
let folder: string
let shop: Awaited<ReturnType<typeof startTogether>>
let first: Awaited<ReturnType<typeof makeCertificate>>
let files: Awaited<ReturnType<typeof writeCertificate>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emporion-tls-'))
  first = await makeCertificate(now)
  files = await writeCertificate(folder, first)
  shop = await startTogether({ TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile })
})
afterAll(async () => {
  await shop?.stop()
  await rm(folder, { recursive: true, force: true })
})

const port = (): number => Number(new URL(shop.url).port)

/** A connection, and the certificate that it was shown. */
const openTls = (options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    // What the server shows is what is tested: whether it is trusted is not.
    const socket = connect({ port: port(), host: '127.0.0.1', rejectUnauthorized: false, ...options }, () =>
      resolve(socket),
    )
    socket.on('error', reject)
    onTestFinished(() => void socket.destroy())
  })

const body = JSON.stringify({ query: '{ viewer { kind } }' })

const post = (agent: Agent): Promise<{ status: number; headers: Record<string, unknown>; text: string }> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    request(`${shop.url}/graphql`, { method: 'POST', agent, headers }, async (response) =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: await text(response) }),
    )
      .on('error', reject)
      .end(body)
  })

test('given a certificate, then the graph answers over HTTPS only, and tells browsers to stay there', async () => {
  expect(shop.url).toMatch(/^https:/)
  const agent = new Agent({ ca: first.cert })
  onTestFinished(() => agent.destroy())
  const answer = await post(agent)
  expect([answer.status, JSON.parse(answer.text).data]).toEqual([200, { viewer: { kind: 'ANONYMOUS' } }])
  expect(answer.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
  await expect(fetch(`${shop.url.replace('https', 'http')}/graphql`, { method: 'POST', body })).rejects.toThrow()
})

test('given versions of TLS, then 1.2 and 1.3 are spoken and 1.1 is refused', async () => {
  expect((await openTls({ maxVersion: 'TLSv1.3' })).getProtocol()).toBe('TLSv1.3')
  expect((await openTls({ maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2')
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  await expect(openTls(old)).rejects.toThrow()
  // The same client is let in where 1.1 is allowed: it is not the client that refuses.
  const lax = createServer({ ...first, ...old })
  onTestFinished(() => void lax.close())
  await new Promise<void>((resolve) => lax.listen(0, '127.0.0.1', resolve))
  const socket = await openTls({ ...old, port: (lax.address() as AddressInfo).port })
  expect(socket.getProtocol()).toBe('TLSv1.1')
  socket.destroy()
})

test('given a new certificate in the same files, then new connections see it and an old socket goes on', async () => {
  const socket = new WebSocket(`${shop.url.replace('https', 'wss')}/graphql`, 'graphql-transport-ws', {
    ca: first.cert,
  })
  onTestFinished(() => socket.terminate())
  const said = (message: object) =>
    new Promise<{ type: string }>((resolve) => {
      socket.once('message', (data) => resolve(JSON.parse(String(data))))
      socket.send(JSON.stringify(message))
    })
  await new Promise((resolve) => socket.once('open', resolve))
  expect((await said({ type: 'connection_init' })).type).toBe('connection_ack')

  const shown = async () => (await openTls()).getPeerX509Certificate()?.fingerprint256
  const before = await shown()
  await writeFile(files.certFile, 'half a cert')
  await writeCertificate(folder, await makeCertificate(now))
  await expect.poll(shown, { timeout: 15_000, interval: 200 }).not.toBe(before)
  expect(await said({ type: 'ping' })).toEqual({ type: 'pong' })
})

test('given files that cannot be used, when the shop starts, then each is told with the other problems', async () => {
  const other = await writeCertificate(join(folder, 'other'), await makeCertificate(now))
  const old = await writeCertificate(join(folder, 'old'), await makeCertificate(now - days(366)))
  const text = join(folder, 'text.pem')
  await writeFile(text, 'canary')
  await cp(files.keyFile, join(folder, 'copy.pem'))
  const problemsOf = (TLS_CERT_FILE: string, TLS_KEY_FILE: string): readonly string[] => {
    try {
      readConfig({ TLS_CERT_FILE, TLS_KEY_FILE, PORT: 'x' })
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
    }
    return []
  }
  const mistakes: [string, string, RegExp][] = [
    [files.certFile, '', /belong together/],
    ['', files.keyFile, /belong together/],
    [join(folder, 'nothing.pem'), files.keyFile, /nothing\.pem cannot be read \(ENOENT\)/],
    [text, files.keyFile, /text\.pem is not a certificate in PEM/],
    [files.certFile, text, /text\.pem is not a private key in PEM/],
    [files.certFile, other.keyFile, /is not the key of/],
    [old.certFile, old.keyFile, /ended at 20/],
  ]
  for (const [cert, key, sentence] of mistakes) {
    const problems = problemsOf(cert, key)
    expect(problems).toEqual([expect.stringMatching(/^PORT/), expect.stringMatching(sentence)])
    expect(problems.join()).not.toContain('canary')
  }
  expect(problemsOf(files.certFile, files.keyFile)).toEqual([expect.stringMatching(/^PORT/)])
  expect(readConfig({ TLS_CERT_FILE: text, TLS_KEY_FILE: text, MONGODB_URL: 'mongodb://db' }, ['orders']).tls).toEqual({
    certFile: text,
    keyFile: text,
  })
  expect(() => readCertificate(files, now + days(365))).toThrow(/ended at/)
})
