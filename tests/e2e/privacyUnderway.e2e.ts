import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subgraphNames, urlVariable } from '#platform/config.ts'
import { makeLog } from '#platform/log.ts'
import { startProvider } from '../../provider/server.ts'
import { type Answer, get } from '../client.ts'
import { addLine, orderInput, sendOrder, setDestination, someVariants } from '../people.ts'
import { freePorts } from '../ports.ts'
import { hasRedis, type RedisServer, startRedisServer } from '../redis.ts'
import { providerSecret, startTogether } from '../shop.ts'
import { everythingStored } from '../stored.ts'
import { freshPrefix } from '../subgraph.ts'

/** What belongs to a person or opens a door, each as a text that nothing else contains. */
const secrets = {
  email: 'canary.person@example.com',
  password: 'canary by the sea 7f3a',
  name: 'Canary Personname',
  street: 'Canarystreet 7f3a',
  agent: 'CanaryAgent7f3a',
}

describe.skipIf(!hasRedis())('on the way', () => {
  const prefix = freshPrefix()
  const lines: string[] = []
  let redis: RedisServer
  let provider: Awaited<ReturnType<typeof startProvider>>
  let monitor: Socket
  let told = ''
  let shop: Awaited<ReturnType<typeof startTogether>>

  beforeAll(async () => {
    redis = await startRedisServer()
    monitor = connect(redis.port, '127.0.0.1')
    await once(monitor, 'connect')
    monitor.on('data', (chunk) => {
      told += String(chunk)
    })
    monitor.write('MONITOR\r\n')
    const ports = await freePorts(subgraphNames.length)
    const urls = subgraphNames.map((name, index) => [urlVariable(name), `http://127.0.0.1:${ports[index]}/graphql`])
    provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
    const env = {
      ...Object.fromEntries(urls),
      PROVIDER_URL: provider.url,
      PROVIDER_SECRET: providerSecret,
      PROVIDER_TIMEOUT_MS: '5000',
      DATABASE_PREFIX: prefix,
      REDIS_URL: redis.url,
    }
    const log = makeLog('debug', { write: (line) => void lines.push(line) })
    // Without workers: what is written into outboxes stays there.
    shop = await startTogether(env, { units: ['gateway', ...subgraphNames], log })
  })
  afterAll(async () => {
    await shop?.stop()
    monitor?.destroy()
    await provider?.stop()
    await redis?.stop()
  })

  const outboxes = async (): Promise<string> => {
    const found = await everythingStored(prefix, { 'outbox.id': { $gt: '' } })
    return JSON.stringify(found.flatMap((document) => (document as { outbox: readonly unknown[] }).outbox))
  }

  test('given a person who signs up, shops and pays, then neither outboxes, Redis nor logs have who it is or what opens a door (threat: privacy)', async () => {
    const { email, password, name, street, agent } = secrets
    const document =
      'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken refreshToken } userErrors { code } } }'
    const response = await fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': agent },
      body: JSON.stringify({ query: document, variables: { input: { email, password, name } } }),
    })
    const { session } = ((await response.json()) as { data: { signUp: Answer } }).data.signUp
    const { accessToken: token, refreshToken } = session
    const [variant] = await someVariants(shop)
    await addLine(shop, token, variant!.id)
    const total = await setDestination(shop, token)
    const given = orderInput(total)
    const shippingAddress = { ...given.shippingAddress, name, line1: street }
    const placed = await sendOrder(shop, token, { ...given, email, shippingAddress })
    expect(placed.userErrors).toEqual([])
    await get(shop, 'mutation { requestEmailVerification { userErrors { code } } }', {}, token)

    const waiting = await outboxes()
    expect(waiting).toContain('OrderPlaced')
    expect(waiting).toContain('MailRequested')
    await expect.poll(() => told).toContain('cache:session:')
    const places = { outboxes: waiting, redis: told, logs: lines.join('\n') }
    const all = { ...secrets, token, refreshToken, order: placed.accessToken }
    for (const [place, text] of Object.entries(places))
      for (const [what, secret] of Object.entries(all)) expect(text.includes(secret), `${what} in ${place}`).toBe(false)
  })
})
