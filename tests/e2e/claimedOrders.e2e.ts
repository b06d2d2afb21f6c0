import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { type Answer, get, send } from '../client.ts'
import { addLine, guest, offer, placeOrder, signIn, signUp } from '../people.ts'
import { startTogether } from '../shop.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  shop = await startTogether()
})
afterAll(() => shop?.stop())

const until = async <T>(look: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> => {
  const began = performance.now()
  for (;;) {
    const answer = await look()
    if (isThere(answer)) return answer
    if (performance.now() - began > 10_000) throw new Error(`still ${JSON.stringify(answer)}`)
  }
}

/** In the mail to this address that has one: mails about orders come before it or after it. */
const tokenIn = (inbox: string, email: string): string | undefined =>
  inbox
    .split('<article>')
    .filter((mail) => mail.includes(email))
    .flatMap((mail) => /\b[\w-]{22}\.[\w-]{43}(?![\w-])/.exec(mail) ?? [])[0]

const tokenFor = async (email: string): Promise<string> => {
  const look = async () => tokenIn((await send(shop, undefined, {}, { path: '/inbox', method: 'GET' })).text, email)
  return (await until(look, (token) => token !== undefined)) ?? ''
}

const orderIds = async (token: string): Promise<string[]> =>
  (await get(shop, '{ orders(first: 10) { nodes { id } } }', {}, token)).orders.nodes.map(({ id }: Answer) => id)

/** Orders as a guest, with this address for messages. */
const orderAsGuest = async (token: string, email: string) => {
  const seller = await signIn(shop, tidewaterGoods)
  await addLine(shop, token, (await offer(shop, seller)).variantIds[0]!)
  return placeOrder(shop, token, { email })
}

test("given guests who ordered with an address, when its owner proves it, then these orders are the account's, with their payments, the tokens go on, and other addresses stay away", async () => {
  const person = await signUp(shop)
  const mine = await orderAsGuest(await guest(shop), person.email.toUpperCase())
  const theirs = await orderAsGuest(await guest(shop), `un${person.email}`)
  const input = { token: await tokenFor(person.email) }
  const verify = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified } }'
  expect(await orderIds(person.token)).toEqual([])
  await get(shop, verify, { input })
  await until(
    () => orderIds(person.token),
    (ids) => ids.length > 0,
  )
  expect(await orderIds(person.token)).toEqual([mine.order.id])
  const document =
    'query ($id: ID!, $accessToken: String) { order(id: $id, accessToken: $accessToken) { status payments { status } } }'
  const paid = { order: { status: 'CONFIRMED', payments: [{ status: 'CAPTURED' }] } }
  await until(
    () => get(shop, document, { id: mine.order.id }, person.token),
    ({ order }) => order.payments.length > 0,
  )
  expect(await get(shop, document, { id: mine.order.id }, person.token)).toEqual(paid)
  const byToken = await get(shop, document, { id: mine.order.id, accessToken: mine.accessToken })
  expect(byToken.order.status).toBe('CONFIRMED')
  expect((await get(shop, document, { id: theirs.order.id }, person.token)).order).toBeNull()
})

test("given a guest who ordered, when signing in to an account with a proved address, then the order is the account's on every device", async () => {
  const person = await signUp(shop)
  const visitor = await guest(shop)
  const { order } = await orderAsGuest(visitor, 'office@example.com')
  const signInAs = 'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }'
  const credentials = { email: person.email, password: person.password }
  await get(shop, signInAs, { input: credentials }, visitor)
  const elsewhere = await signIn(shop, person)
  expect(await orderIds(elsewhere)).toEqual([])
  const verify = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified } }'
  await get(shop, verify, { input: { token: await tokenFor(person.email) } })
  const ids = await until(
    () => orderIds(elsewhere),
    (found) => found.length > 0,
  )
  expect(ids).toEqual([order.id])
})
