import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, get, send } from '../client.ts'
import { addLine, guest, placeOrder, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  shop = await startTogether({ CONFIRM_EMAIL_FIRST: 'on' })
})
afterAll(() => shop?.stop())

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  const began = performance.now()
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() - began > 10_000) throw new Error('not within ten seconds')
  }
}

/** The mail to an address with this subject. */
const mailTo = (email: string, subject: string): Promise<string> =>
  until(async () => {
    const { text } = await send(shop, undefined, {}, { path: '/inbox', method: 'GET' })
    return text.split('<article>').find((article) => article.includes(email) && article.includes(subject))
  })

const signUp = async (email: string, token?: string): Promise<Answer> => {
  const document = `mutation ($input: SignUpInput!) { signUp(input: $input) {
    session { accessToken } viewer { id } confirmationSent userErrors { code } } }`
  const input = { email, password: 'a long walk by the sea', name: 'Ada' }
  return (await get(shop, document, { input }, token)).signUp
}

const sent = { session: null, viewer: null, confirmationSent: true, userErrors: [] }

test("given a guest with an order and a cart, when the guest signs up and the mail is answered, then both are the account's; a second sign-up hears the same and only its mail differs (threat: enumeration)", async () => {
  const [first, second] = await someVariants(shop)
  const visitor = await guest(shop)
  await addLine(shop, visitor, first!.id)
  const { order } = await placeOrder(shop, visitor)
  await addLine(shop, visitor, second!.id)
  expect(await signUp('ada@example.org', visitor)).toEqual(sent)
  const mail = await mailTo('ada@example.org', 'Your account')
  const token = /\b[\w-]{22}\.[\w-]{43}(?![\w-])/.exec(mail)![0]
  const { verifyEmail } = await get(
    shop,
    'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified session { accessToken } viewer { email } userErrors { code } } }',
    { input: { token } },
  )
  expect(verifyEmail).toMatchObject({ verified: true, viewer: { email: 'ada@example.org' }, userErrors: [] })
  const { accessToken } = verifyEmail.session
  const { cart } = await get(shop, '{ cart { lines { variant { id } } } }', {}, accessToken)
  expect(cart.lines).toEqual([{ variant: { id: second!.id } }])
  const { orders } = await get(shop, '{ orders(first: 2) { nodes { id } } }', {}, accessToken)
  expect(orders.nodes).toEqual([{ id: order.id }])
  expect(await signUp('Ada@example.org')).toEqual(sent)
  expect(await mailTo('ada@example.org', 'You have an account already')).not.toMatch(/[\w-]{22}\.[\w-]{43}/)
})
