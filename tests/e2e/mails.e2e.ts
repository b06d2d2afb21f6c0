import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, get } from '../client.ts'
import { startMortal } from '../mortalShop.ts'
import { addLine, guest, orderInput, sendOrder, setDestination, signIn, signUp, someVariants } from '../people.ts'
import { type MailServer, startMailServer } from '../smtp.ts'
import { settled } from '../verified.ts'

let server: MailServer
let shop: Awaited<ReturnType<typeof startMortal>>
beforeAll(async () => {
  server = await startMailServer()
  shop = await startMortal({ SMTP_URL: server.url })
  await shop.whenOpen()
})
afterAll(async () => {
  await shop?.stop()
  await server?.stop()
})

/** A cart and the input to order it with; all orders of one test go to an address of their own. */
const fill = async (email: string) => {
  const token = await guest(shop)
  const variant = (await someVariants(shop)).find(({ left }) => left > 5)!
  await addLine(shop, token, variant.id)
  return { token, input: { ...orderInput(await setDestination(shop, token)), email } }
}

const buy = async ({ token, input }: Awaited<ReturnType<typeof fill>>): Promise<Answer> => {
  const { order, userErrors } = await sendOrder(shop, token, input)
  expect(userErrors).toEqual([])
  expect(order.status).toBe('CONFIRMED')
  return { ...order, token }
}

const cancel = ({ id, token }: Answer) =>
  get(
    shop,
    'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }',
    { input: { id } },
    token,
  )

const mailsTo = (email: string) => server.taken.filter(({ to }) => to === email)
const subjectsTo = (email: string) =>
  [...new Map(mailsTo(email).map(({ messageId, mail }) => [messageId, mail.subject ?? '']))].map(
    ([, subject]) => subject,
  )

test('given the mail server is away, then people order and cancel as ever; when it is back, each mail comes once within a minute (F10, I18)', async () => {
  await server.goAway()
  const began = performance.now()
  const order = await buy(await fill('away@example.org'))
  await cancel(order)
  const person = await signUp(shop)
  // Nobody waits for a mail: far below the 10 s that one may take.
  expect(performance.now() - began).toBeLessThan(10_000)
  await server.comeBack()
  const subjects = [`Your order ${order.number} is confirmed`, `Your order ${order.number} was canceled`]
  await expect.poll(() => subjectsTo('away@example.org').toSorted(), { timeout: 60_000 }).toEqual(subjects)
  await expect.poll(() => subjectsTo(person.email), { timeout: 60_000 }).toEqual(['Is this your e-mail address?'])
  expect(mailsTo('away@example.org')).toHaveLength(2)
}, 120_000)

test('given an address that refuses, then an administrator sees the dead letter and why, and has it sent again when that is mended (F10, F11)', async () => {
  server.treat('gone@example.org', 550)
  const { id, number } = await buy(await fill('gone@example.org'))
  const person = await signUp(shop)
  const query = 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { userErrors { code } } }'
  await shop.callAs('admin')('users', { query, variables: { input: { email: person.email } } })
  const admin = await signIn(shop, person)
  const look =
    '{ outbox { dead deadLetters { id queue type aggregateId reason } } jobs { name isHeld lastRunAt failure } }'
  const letters = async () => (await get(shop, look, {}, admin)).outbox?.deadLetters ?? []
  await expect
    .poll(letters, { timeout: 30_000, interval: 250 })
    .toMatchObject([
      { queue: 'mails', type: 'OrderConfirmed', aggregateId: id, reason: expect.stringContaining('550') },
    ])
  const [letter] = await letters()
  expect(JSON.stringify(letter)).not.toContain('gone@')
  const jobs = async () => (await get(shop, look, {}, admin)).jobs
  await expect
    .poll(jobs)
    .toContainEqual({ name: 'mails.send', isHeld: true, lastRunAt: expect.any(String), failure: null })
  server.treat('gone@example.org', 'take')
  const replay = `mutation ($input: ReplayEventsInput!) { replayEvents(input: $input) { requested userErrors { code field } } }`
  const asked = async (input: object) => (await get(shop, replay, { input }, admin)).replayEvents
  expect(await asked({ queue: 'nowhere' })).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND', field: ['input', 'queue'] }],
  })
  expect(await asked({ queue: 'mails', eventId: letter.id })).toEqual({ requested: true, userErrors: [] })
  await expect
    .poll(() => subjectsTo('gone@example.org'), { timeout: 30_000 })
    .toEqual([`Your order ${number} is confirmed`])
}, 120_000)

test.each([
  ['mails.written', 1],
  ['mails.delivered', 2],
])(
  'given the process is killed at %s, when it is started again, then the buyer has one mail by its Message-ID, and the shop knows of one (I18, I16, R4)',
  async (point, copies) => {
    // An earlier mail whose way is not written down yet would reach the point at the start, before the shop is open.
    await settled(shop.snapshot)
    const { died } = await shop.doom(point)
    await shop.whenOpen()
    const email = `${point}@example.org`
    const cart = await fill(email)
    // The mail may be on its way before the buyer has the answer: who gets none asks again with the same key.
    await buy(cart).catch(() => undefined)
    expect(await died).toBe('SIGKILL')
    await shop.doom(null)
    await shop.whenOpen()
    const { id, number } = await buy(cart)
    await expect.poll(() => mailsTo(email).length, { timeout: 20_000 }).toBe(copies)
    const { effects, delivered } = await settled(shop.snapshot)
    expect(subjectsTo(email)).toEqual([`Your order ${number} is confirmed`])
    const mail = { kind: 'mail', key: `${id}:OrderConfirmed`, order: id, type: 'OrderConfirmed' }
    expect(effects.filter(({ order }) => order === id)).toEqual([mail])
    expect(delivered.filter(({ order, consumer }) => order === id && consumer === 'mails.request')).toHaveLength(1)
  },
  120_000,
)
