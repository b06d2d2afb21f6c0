import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { sendOrderUntilConfirmed } from '../askAgain.ts'
import { type Answer, connect, get, type TestShop } from '../client.ts'
import { addLine, orderInput, placeOrder, sendOrder, setDestination, signUp, someVariants } from '../people.ts'
import { startRedisServer } from '../redis.ts'
import { endProcess, runProcess, startProcess } from '../shop.ts'
import { startMailServer } from '../smtp.ts'
import { freshPrefix } from '../subgraph.ts'

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'emporion-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** `node start.ts` as somebody starts it who has nothing but Node: its own database in its data folder. */
const startAlone = async (folder: string, env: Record<string, string> = {}) => {
  const { child, output } = await startProcess([], { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error', ...env })
  onTestFinished(async () => void (await endProcess(child, 'SIGKILL')))
  const [, url] = /(http:\S+)\/graphql\b/.exec(output()) ?? []
  const [, database] = /\(process (\d+)\)/.exec(output()) ?? []
  if (!url || !database) throw new Error(`unexpected banner:\n${output()}`)
  const pid = Number(database)
  return { shop: { url, stop: async () => undefined } as TestShop, child, output, database: pid }
}

const expectEnded = (pid: number) => expect.poll(() => isRunning(pid)).toBe(false)

/** One clear sentence for whoever starts the shop, and nothing else. */
const expectOneLine = (output: string): void => {
  expect(output.trim().split('\n')).toHaveLength(1)
  expect(output).not.toMatch(/\n\s+at |node:internal|Error:/)
}

describe('a shop that is stopped and started again', () => {
  test('given a filled cart, when the shop gets SIGTERM and starts again, then it ends within 5 s with code 0 and no orphan, and session, cart and catalogue are as they were', async () => {
    const folder = await newFolder()
    const before = await startAlone(folder)
    expect(before.output()).toContain('seeded with the demo products')
    const { token } = await signUp(before.shop)
    const variants = await someVariants(before.shop)
    const [variant] = variants.filter(({ left }) => left > 5)
    const { cart } = await addLine(before.shop, token, variant!.id, 2)
    const socket = connect(before.shop, token)
    const closed = new Promise<Answer>((resolve) => socket.client.on('closed', resolve))
    await socket.watch('subscription { cartUpdated { seq } }').next()

    const began = performance.now()
    expect(await endProcess(before.child, 'SIGTERM')).toBe(0)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect((await closed).code).toBe(1012)
    expect(isRunning(before.database)).toBe(false)

    const after = await startAlone(folder)
    expect(after.output()).not.toContain('seeded')
    const again = await get(after.shop, '{ viewer { kind } cart { id lines { quantity variant { id } } } }', {}, token)
    expect(again).toEqual({
      viewer: { kind: 'USER' },
      cart: { id: cart.id, lines: [{ quantity: 2, variant: { id: variant!.id } }] },
    })
    expect(await someVariants(after.shop)).toEqual(variants)
    expect((await placeOrder(after.shop, token)).order.status).toBe('CONFIRMED')
    expect(await endProcess(after.child, 'SIGINT')).toBe(0)
    expect(isRunning(after.database)).toBe(false)
  }, 40_000)

  test('given an order in the middle of its payment, when the shop is killed and starts again, then nothing acknowledged is lost and the same request ends in one order and one charge (F1, I13)', async () => {
    const folder = await newFolder()
    const first = await startAlone(folder)
    const { token } = await signUp(first.shop)
    const [variant] = (await someVariants(first.shop)).filter(({ left }) => left > 5)
    await addLine(first.shop, token, variant!.id)
    const done = await placeOrder(first.shop, token)
    await addLine(first.shop, token, variant!.id)
    // The provider charges and never answers: the shop is in the middle of it for 5 s.
    const input = orderInput(await setDestination(first.shop, token), 'tok_timeout_after_charge')
    const interrupted = sendOrder(first.shop, token, input).catch(() => 'interrupted')
    const orders = async (shop: TestShop): Promise<Answer[]> =>
      (
        await get(
          shop,
          '{ orders(first: 5) { nodes { id number status payments { status transactions { kind } } } } }',
          {},
          token,
        )
      ).orders.nodes
    // Authorized once the provider's webhook is there: the call itself goes on.
    await expect.poll(async () => (await orders(first.shop))[0].payments[0]?.status).toMatch(/^(PENDING|AUTHORIZED)$/)
    await endProcess(first.child, 'SIGKILL')
    expect(await interrupted).toBe('interrupted')
    await expectEnded(first.database)

    const second = await startAlone(folder)
    expect(second.output()).not.toContain('seeded')
    expect((await orders(second.shop)).map(({ status }) => status)).toEqual([
      expect.stringMatching(/^(AWAITING_PAYMENT|CONFIRMED)$/),
      'CONFIRMED',
    ])
    // Who was killed before the provider heard of it holds the payment until its lease ends, after some 13 s.
    expect((await sendOrderUntilConfirmed(second.shop, token, { input, withinMs: 30_000 })).userErrors).toEqual([])
    const [repeated, earlier] = await orders(second.shop)
    expect(earlier).toMatchObject({ id: done.order.id, number: done.order.number })
    expect(repeated!.payments.map(({ transactions }: Answer) => transactions)).toEqual([
      [{ kind: 'AUTHORIZE' }, { kind: 'CAPTURE' }],
    ])
    expect(Number(repeated!.number)).toBe(Number(earlier!.number) + 1)

    // Both processes at once, as when the machine loses power.
    process.kill(second.database, 'SIGKILL')
    await endProcess(second.child, 'SIGKILL')
    await expectEnded(second.database)
    const third = await startAlone(folder)
    expect(await orders(third.shop)).toEqual([repeated, earlier])
    expect(await endProcess(third.child)).toBe(0)
  }, 60_000)

  test('given a running shop, when a second one starts on the same data folder, then one clear line, code 1, and the first goes on', async () => {
    const folder = await newFolder()
    const { shop, child } = await startAlone(folder, { SEED: 'off' })
    const { code, output } = await runProcess([], { DATA_DIR: folder, PORT: '0' })
    expect(code).toBe(1)
    expectOneLine(output)
    expect(await get(shop, '{ viewer { kind } }')).toEqual({ viewer: { kind: 'ANONYMOUS' } })
    expect(await endProcess(child)).toBe(0)
  }, 40_000)
})

describe('a shop that cannot start says why in a sentence and ends with code 1', () => {
  test('given a port that is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const { code, output } = await runProcess([], {
      DATA_DIR: await newFolder(),
      MONGODB_URL: inject('mongoUrl'),
      DATABASE_PREFIX: freshPrefix(),
      SEED: 'off',
      PORT: String(port),
    })
    expect(code).toBe(1)
    expectOneLine(output)
    expect(output).toContain(`127.0.0.1:${port}`)
  })

  test('given a MongoDB that does not answer, within 5 s and without its credentials', async () => {
    const [{ code, output, ms }, { ms: least }] = await Promise.all([
      runProcess([], {
        DATA_DIR: await newFolder(),
        MONGODB_URL: 'mongodb://ada:secret-of-ada@127.0.0.1:9/?authSource=admin',
      }),
      runProcess(['nonsense'], {}),
    ])
    expect(code).toBe(1)
    // On a machine that is busy with other things even reading a wrong configuration takes seconds: then more is allowed.
    expect(ms).toBeLessThan(Math.max(5_000, 8 * least))
    expectOneLine(output)
    expect(output).toContain('MongoDB at mongodb://127.0.0.1:9')
    expect(output).not.toMatch(/ada|secret/)
  })

  test('given a fleet whose database, Redis or mail server refuses the credentials, then each part ends at once and names the setting', async () => {
    const away = 'redis://127.0.0.1:9'
    const refusing = await startRedisServer(['--requirepass', 'right'])
    onTestFinished(refusing.stop)
    const mail = await startMailServer({ user: 'shop', password: 'right', refusal: 535 })
    onTestFinished(mail.stop)
    const ofWorkers = {
      MONGODB_URL: inject('mongoUrl'),
      DATABASE_PREFIX: freshPrefix(),
      REDIS_URL: away,
      LOG_LEVEL: 'error',
    }
    const [database, redis, mails] = await Promise.all([
      runProcess(['cart'], { MONGODB_URL: inject('mongoUrl').replace('//', '//shop:canary@'), REDIS_URL: away }),
      runProcess(['cart'], { MONGODB_URL: inject('mongoUrl'), REDIS_URL: refusing.url.replace('//', '//:canary@') }),
      runProcess(['workers'], { ...ofWorkers, SMTP_URL: mail.url.replace('//', '//shop:canary@') }),
    ])
    expect([database.code, redis.code, mails.code]).toEqual([1, 1, 1])
    expect(mails.output).toMatch(/^The mail server at .* Check SMTP_URL\.\n$/)
    expect(database.output).toMatch(/Authentication failed.* Check MONGODB_URL\.\n$/)
    expect(redis.output).toMatch(/WRONGPASS.* Check REDIS_URL\.\n$/)
    expect(database.output + redis.output + mails.output).not.toContain('canary')
  })

  test('given a configuration with several mistakes, all of them at once', async () => {
    const { code, output } = await runProcess(['cart', 'nonsense'], {
      PORT: 'http',
      LOG_LEVEL: 'loud',
      SHOP_CURRENCY: 'euro',
      ORDERS_URL: 'orders:4005',
      MONGODB_URL: 'localhost',
    })
    expect(code).toBe(1)
    for (const name of ['"nonsense"', 'PORT', 'LOG_LEVEL', 'SHOP_CURRENCY', 'ORDERS_URL', 'MONGODB_URL']) {
      expect(output).toContain(name)
    }
    expect(output).toContain('6 problem(s)')
    expect(output).not.toMatch(/\n\s+at /)
  })

  test('given production without secrets, key or database, then each is named', async () => {
    const { code, output } = await runProcess([], { NODE_ENV: 'production', DATA_DIR: await newFolder() })
    expect(code).toBe(1)
    for (const name of [
      'INTERNAL_SECRET',
      'ORDER_TOKEN_SECRET',
      'REFRESH_TOKEN_SECRET',
      'SIGNING_KEY_PEM',
      'MONGODB_URL',
    ]) {
      expect(output).toContain(name)
    }
    expect(output).not.toMatch(/\n\s+at /)
  })
})
