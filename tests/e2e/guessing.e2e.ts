import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, ask, get, send, type TestShop } from '../client.ts'
import { addLine, guest, placeOrder, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether({ ATTEMPTS_PER_ADDRESS: '20' })
})
afterAll(() => shop?.stop())

const document = 'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }'

const attempt = async (email: string, headers: Record<string, string>): Promise<string> => {
  const variables = { input: { email, password: 'a wrong password' } }
  const { text } = await send(shop, { query: document, variables }, headers)
  return JSON.parse(text).data.signIn.userErrors[0].code
}

test('given 1,000 sign-ins that forge 50 addresses in X-Forwarded-For, then the limit of the one real address holds, and a live session of the victim works', async () => {
  const victim = await signUp(shop)
  const codes: string[] = []
  const began = performance.now()
  for (let round = 0; round < 100; round++) {
    const ten = Array.from({ length: 10 }, (_, n) =>
      attempt(round % 2 ? victim.email : `buyer${round}-${n}@example.org`, {
        'x-forwarded-for': `203.0.113.${(10 * round + n) % 50}`,
      }),
    )
    codes.push(...(await Promise.all(ten)))
  }
  const minutes = (performance.now() - began) / 60_000
  const tried = codes.filter((code) => code === 'INVALID_CREDENTIALS')
  expect(codes).toHaveLength(1_000)
  expect(tried.length).toBeLessThanOrEqual(20 + Math.ceil(20 * minutes))
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(1_000 - tried.length)
  expect(await get(shop, '{ viewer { kind } }', {}, victim.token)).toEqual({ viewer: { kind: 'USER' } })
})

test('given stolen cards tried out by new guests, who forge X-Forwarded-For, then 10 of them reach the provider (threat: card testing)', async () => {
  const [variant] = await someVariants(shop)
  const buy = async (card: string): Promise<Answer> => {
    const token = await guest(shop)
    await addLine(shop, token, variant!.id)
    return placeOrder(shop, token, { payment: { provider: 'sandbox', token: card } })
  }
  expect((await buy('tok_ok')).order.status).toBe('CONFIRMED')
  const answers: Answer[] = []
  for (let round = 0; round < 12; round++) answers.push(await buy(`tok_stolen_${round}`))
  expect(answers.map(({ userErrors }) => userErrors[0].code)).toEqual(Array(12).fill('PAYMENT_DECLINED'))
  expect(answers.filter(({ order }) => order.payments.length > 0)).toHaveLength(10)
})

test('given 100 aliased sign-ins in one document, then they are refused or count as 100 attempts', async () => {
  const fields = Array.from(
    { length: 100 },
    (_, n) => `a${n}: signIn(input: { email: "a@example.org", password: "x" }) { userErrors { code } }`,
  )
  const { data, errors } = await ask(shop, `mutation { ${fields.join('\n')} }`)
  const answers = Object.values<Answer>(data ?? {}).map(({ userErrors }) => userErrors[0].code)
  expect(answers.filter((code) => code === 'INVALID_CREDENTIALS').length).toBeLessThanOrEqual(5)
  if (!errors) expect(answers.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(95)
})
