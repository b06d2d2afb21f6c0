import { expect, onTestFinished, test } from 'vitest'
import type { SubgraphCaller } from '#platform/caller.ts'
import { armCrashPoint, type CrashPoint, type CrashWay } from '#platform/crashPoint.ts'
import type { Lease } from '#platform/leases/leases.ts'
import { MailServerRefused } from '#platform/mailServerRefused.ts'
import { ensureIndexes } from '#platform/mongo.ts'
import type { PendingEvent } from '#platform/store.ts'
import { makeManualClock, minutes, seconds } from '../../platform/kernel/time.ts'
import { startMailServer } from '../../tests/smtp.ts'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { makeMailConsumer } from './consumer.ts'
import { TryLater } from './mail.ts'
import { makeMailModel } from './model.ts'
import { makeSender } from './sender.ts'
import { makeSmtp } from './smtp.ts'
import { makeWriter } from './writing.ts'

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' })
const totals = { shipping: eur('4.90'), tax: eur('1.00'), taxIncluded: true, total: eur('16.90') }

const start = async () => {
  const clock = makeManualClock()
  const { database, log } = await makeTestDeps('orders', { clock })
  const server = await startMailServer()
  const mails = makeMailModel(database, clock)
  await ensureIndexes([mails.model])
  /** Orders whose mails cannot be written. */
  const broken = new Set<string>()
  const call = (async (_name: string, { variables }: { variables: { orderId: string } }) => {
    if (broken.has(variables.orderId)) throw new TypeError('cannot be read')
    const to = `${variables.orderId}@example.org`
    const lines = [{ title: 'Towel', quantity: 1, total: eur('12.00') }]
    return variables.orderId === 'erased'
      ? { orderMailing: null }
      : { orderMailing: { to, name: 'Ada', number: '7', lines, totals, refunded: null } }
  }) as unknown as SubgraphCaller

  /** One process with the lease; what hangs in it ends when the test does. */
  const join = (fence: number, isHeld = () => true) => {
    const transport = makeSmtp({ url: server.url, from: 'shop@emporion.example', stepMs: 3_000, wholeMs: 6_000 })
    onTestFinished(() => transport.stop())
    const sender = makeSender({ mails, write: makeWriter(call), transport, clock, log, random: () => 1 })
    const lease: Lease = { fence, isHeld }
    return { sendDue: () => sender.sendDue(lease) }
  }
  onTestFinished(() => server.stop())

  const consumer = makeMailConsumer(mails)
  const hear = async (orderId: string, type = 'OrderConfirmed', id = `evt_${orderId}${type}`) => {
    const payload = { orderId, seq: 7 }
    const event: PendingEvent = { id, type, at: new Date(clock.now()), aggregateId: orderId, payload }
    await consumer.on[type]!(event)
  }
  /** Rounds, a second of the clock apart, until nothing waits. @returns how many seconds it took. */
  const settle = async (sender: { sendDue(): Promise<void> }, most = 600): Promise<number> => {
    for (let passed = 0; passed < most; passed++) {
      await sender.sendDue()
      if ((await mails.depth()).pending === 0) return passed
      clock.advance(seconds(1))
    }
    throw new Error('mails still wait')
  }
  const stateOf = async (orderId: string) =>
    (await mails.aboutOrders()).find(({ about }) => 'orderId' in about && about.orderId === orderId)
  return { clock, server, mails, broken, join, hear, settle, stateOf }
}

test('given facts that come twice, then each order and type has one mail, with HTML and text (I18)', async () => {
  const { server, join, hear, settle } = await start()
  for (const id of ['evt_a', 'evt_a', 'evt_b']) await hear('o1', 'OrderConfirmed', id)
  await hear('o1', 'OrderCanceled')
  await hear('erased')
  await settle(join(1))
  expect(server.taken.map(({ mail }) => mail.subject).toSorted()).toEqual([
    'Your order 7 is confirmed',
    'Your order 7 was canceled',
  ])
  expect(server.taken[0]).toMatchObject({ to: 'o1@example.org', mail: { from: { address: 'shop@emporion.example' } } })
  expect(server.taken[0]!.mail.html).toContain('16.90 EUR')
  expect(server.taken[0]!.mail.text).toContain('16.90 EUR')
})

test('given addresses that refuse, stall or are busy, then the others are not held up, a refusal is a dead letter, the rest arrives (F10)', async () => {
  const { server, mails, join, hear, settle, stateOf } = await start()
  server.treat('gone@example.org', 550)
  server.treat('busy@example.org', 421)
  server.treat('full@example.org', 451)
  server.treat('slow@example.org', 'slow')
  for (const id of ['gone', 'busy', 'full', 'slow', 'a', 'b', 'c']) await hear(id)
  const sender = join(1)
  // A 421 closes the line, which may end a round before its last mail.
  await sender.sendDue()
  await sender.sendDue()
  expect(server.taken.map(({ to }) => to).toSorted()).toEqual(['a', 'b', 'c'].map((id) => `${id}@example.org`))
  expect(await stateOf('gone')).toMatchObject({ state: 'DEAD', attempts: 0, reason: expect.stringContaining('550') })
  expect((await stateOf('gone'))?.reason).not.toContain('gone@example.org')
  for (const id of ['busy', 'full', 'slow']) {
    expect(await stateOf(id)).toMatchObject({ state: 'WAITING', attempts: 1 })
    server.treat(`${id}@example.org`, 'take')
  }
  expect(await settle(sender)).toBeLessThan(60)
  expect(await mails.depth()).toEqual({ pending: 0, dead: 1, oldestAt: null })
  // Somebody has mended the address.
  server.treat('gone@example.org', 'take')
  const [letter] = await mails.dead(10)
  expect(letter).toMatchObject({ type: 'OrderConfirmed', aggregateId: 'gone' })
  expect(await mails.replay(letter!.id, 10)).toBe(1)
  await settle(sender)
  expect(server.ids()).toHaveLength(7)
})

test('given no mail server for ten minutes, when it is back, then each mail goes out once within a minute, and nothing was given up (F10)', async () => {
  const { clock, server, mails, join, hear, settle } = await start()
  await server.goAway()
  const sender = join(1)
  const orders = Array.from({ length: 20 }, (_, n) => `o${n}`)
  for (const id of orders) await hear(id)
  for (let passed = 0; passed < minutes(10); passed += seconds(10)) {
    await sender.sendDue()
    clock.advance(seconds(10))
  }
  expect(await mails.depth()).toMatchObject({ pending: 20, dead: 0 })
  await server.comeBack()
  expect(await settle(sender)).toBeLessThanOrEqual(60)
  expect(server.taken.map(({ to }) => to).toSorted()).toEqual(orders.map((id) => `${id}@example.org`).toSorted())
})

test('given a mail that cannot be written, then it has five tries and is a dead letter with its reason; neighbours go on, and it can be replayed (F11)', async () => {
  const { clock, server, mails, broken, join, hear, settle, stateOf } = await start()
  broken.add('poison')
  await hear('poison')
  const sender = join(1)
  let tries = 0
  for (let passed = 0; (await stateOf('poison'))?.state === 'WAITING'; passed++) {
    const before = (await stateOf('poison'))?.attempts
    await hear(`o${passed}`)
    await sender.sendDue()
    expect(server.taken.at(-1)?.to).toBe(`o${passed}@example.org`)
    const now = await stateOf('poison')
    if (now?.attempts !== before || now?.state === 'DEAD') tries += 1
    clock.advance(seconds(1))
  }
  expect(tries).toBe(5)
  expect(await stateOf('poison')).toMatchObject({ state: 'DEAD', reason: 'cannot be read' })
  broken.clear()
  expect(await mails.replay(null, 10)).toBe(1)
  await settle(sender)
  expect(server.taken.at(-1)?.to).toBe('poison@example.org')
})

const crashes: [CrashPoint, CrashWay, number][] = [
  ['mails.written', 'throw', 1],
  ['mails.delivered', 'throw', 2],
  ['mails.written', 'hang', 1],
  ['mails.delivered', 'hang', 2],
]

test.each(crashes)(
  'given a crash at %s (%s), when another process has the lease, then there is one mail by its Message-ID, and it is noted once (I18, R4, F3)',
  async (point, way, copies) => {
    const { server, join, hear, settle, stateOf } = await start()
    await hear('o1')
    const { reached, disarm } = armCrashPoint({ point, nth: 1, way })
    onTestFinished(disarm)
    const first = join(1).sendDue()
    await reached
    if (way === 'throw') await first
    await settle(join(2))
    expect(server.ids()).toEqual(['<evt_o1OrderConfirmed@emporion.example>'])
    expect(server.taken).toHaveLength(copies)
    const settled = await stateOf('o1')
    expect(settled).toMatchObject({ state: 'SENT', fence: 2 })
    // The one that hung wakes: too late to write anything.
    disarm()
    await first
    expect(await stateOf('o1')).toEqual(settled)
  },
)

test('given a server that takes a mail and is gone before it says so, then the mail comes again under the same Message-ID (R3)', async () => {
  const { server, join, hear, settle } = await start()
  server.treat('o1@example.org', 'drop')
  await hear('o1')
  const sender = join(1)
  await sender.sendDue()
  await expect.poll(() => server.taken).toHaveLength(1)
  server.treat('o1@example.org', 'take')
  await settle(sender)
  expect([server.taken.length, server.ids().length]).toEqual([2, 1])
})

test('given the lease is lost, then no further mail is begun (R8)', async () => {
  const { server, mails, join, hear } = await start()
  for (const id of ['o1', 'o2', 'o3']) await hear(id)
  await join(1, () => false).sendDue()
  expect(server.taken).toEqual([])
  expect((await mails.depth()).pending).toBe(3)
})

test('given a mail server that asks for a login, then a wrong one is refused for good, without being told; one that cannot be looked up now, is never answered, or has nobody to give it to, is a matter of time', async () => {
  const login = { user: 'shop', password: 'right' }
  const check = async (server: { url: string }, given: string, wholeMs = 5_000): Promise<Error | null> => {
    const url = server.url.replace('//', `//${given}@`)
    const transport = makeSmtp({ url, from: 'shop@emporion.example', stepMs: 5_000, wholeMs })
    const outcome = await transport.check().then(
      () => null,
      (error: Error) => error,
    )
    transport.stop()
    return outcome
  }
  const started = async (...given: Parameters<typeof startMailServer>) => {
    const server = await startMailServer(...given)
    onTestFinished(server.stop)
    return server
  }
  const strict = await started({ ...login, refusal: 535 })
  expect(await check(strict, 'shop:right')).toBeNull()
  const refused = await check(strict, 'shop:canary')
  expect(refused).toBeInstanceOf(MailServerRefused)
  expect(refused?.message).toMatch(
    /^The mail server at 127\.0\.0\.1:\d+ does not take our login: .*535.*\. Check SMTP_URL\.$/,
  )
  expect(refused?.message).not.toContain('canary')
  expect(await check(await started({ ...login, refusal: 454 }), 'shop:canary')).toBeInstanceOf(TryLater)
  expect(await check(await started(login), 'shop:canary', 500)).toBeInstanceOf(TryLater)
  await strict.goAway()
  expect(await check(strict, 'shop:canary')).toBeInstanceOf(TryLater)
})
