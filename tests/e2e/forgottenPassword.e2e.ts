import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, get, send, type TestShop } from '../client.ts'
import { signIn, signUp } from '../people.ts'
import { modes } from '../shop.ts'
import { until } from '../until.ts'

describe.each(modes)('a forgotten password, %s', (_, start) => {
  let shop: TestShop
  beforeAll(async () => {
    shop = await start()
  })
  afterAll(() => shop?.stop())

  /** The token of a mail to this address in the inbox of the shop; fails after ten seconds. */
  const tokenFor = async (email: string, subject: string): Promise<string> => {
    const end = performance.now() + 10_000
    for (;;) {
      const { text } = await send(shop, undefined, {}, { path: '/inbox', method: 'GET' })
      const mail = text.split('<article>').find((article) => article.includes(email) && article.includes(subject))
      const [token] = /\b[\w-]{22}\.[\w-]{43}(?![\w-])/.exec(mail ?? '') ?? []
      if (token) return token
      if (performance.now() > end) throw new Error(`no mail "${subject}" for ${email}`)
    }
  }

  test('given a buyer who forgot the password, when it is reset by mail, then the old session is out and the new password works', async () => {
    const person = await signUp(shop)
    const request =
      'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { accepted userErrors { code } } }'
    const taken = { requestPasswordReset: { accepted: true, userErrors: [] } }
    expect(await get(shop, request, { input: { email: person.email } })).toEqual(taken)
    expect(await get(shop, request, { input: { email: `un${person.email}` } })).toEqual(taken)
    const token = await tokenFor(person.email, 'A new password')
    const { resetPassword } = await get(
      shop,
      'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done userErrors { code } } }',
      { input: { token, newPassword: 'cobalt-otter-93' } },
    )
    expect(resetPassword).toEqual({ done: true, userErrors: [] })
    expect(await signIn(shop, { email: person.email, password: 'cobalt-otter-93' })).toEqual(expect.any(String))
    await until(
      1_100,
      () => ask(shop, '{ viewer { kind } }', {}, person.token),
      ({ errors }) => errors?.[0]?.extensions.code === 'UNAUTHENTICATED',
    )
  })

  test('given a new account, when its address is proved with the token from the mail, then the viewer says so', async () => {
    const person = await signUp(shop)
    const token = await tokenFor(person.email, 'Is this your e-mail address?')
    const { verifyEmail } = await get(
      shop,
      'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified userErrors { code } } }',
      { input: { token } },
    )
    expect(verifyEmail).toEqual({ verified: true, userErrors: [] })
    const { viewer } = await get(shop, '{ viewer { isEmailVerified } }', {}, person.token)
    expect(viewer).toEqual({ isEmailVerified: true })
  })
})
