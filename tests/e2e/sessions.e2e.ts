import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, get, send, type TestShop } from '../client.ts'
import { signIn, signUp } from '../people.ts'
import { modes } from '../shop.ts'
import { until } from '../until.ts'

describe.each(modes)('sessions over HTTP, %s', (_, start) => {
  let shop: TestShop
  beforeAll(async () => {
    shop = await start()
  })
  afterAll(() => shop?.stop())

  const statusOf = async (token: string): Promise<number> =>
    (await send(shop, { query: '{ viewer { kind } }' }, { authorization: `Bearer ${token}` })).status

  /** Whoever asks after a second is refused. */
  const isOut = (token: string): Promise<number> =>
    until(
      1_100,
      () => statusOf(token),
      (status) => status === 401,
    )

  const list = async (token: string): Promise<Answer[]> =>
    (await get(shop, '{ sessions { id device isCurrent } }', {}, token)).sessions

  test('given two devices, when one is revoked from the other, then it is out within a second, and both had a name (threat: use after logout)', async () => {
    const person = await signUp(shop)
    const other = await signIn(shop, person)
    const sessions = await list(person.token)
    expect(sessions).toHaveLength(2)
    for (const { device } of sessions) expect(device).toMatch(/node|undici/i)
    const { id } = sessions.find(({ isCurrent }) => !isCurrent)
    expect(await statusOf(other)).toBe(200)
    const { revokeSession } = await get(
      shop,
      'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { sessions { id } userErrors { code } } }',
      { input: { id } },
      person.token,
    )
    expect(revokeSession).toMatchObject({ sessions: [{}], userErrors: [] })
    await isOut(other)
    expect(await statusOf(person.token)).toBe(200)
  })

  test('given three devices, when one changes the password, then the others are out within a second; everywhere, then all are', async () => {
    const person = await signUp(shop)
    const others = [await signIn(shop, person), await signIn(shop, person)]
    for (const token of others) expect(await statusOf(token)).toBe(200)
    const changed = await get(
      shop,
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code } } }',
      { input: { currentPassword: person.password, newPassword: 'cobalt-otter-93' } },
      person.token,
    )
    expect(changed.changePassword.userErrors).toEqual([])
    for (const token of others) await isOut(token)
    expect(await statusOf(person.token)).toBe(200)
    await get(shop, 'mutation { signOut(input: { everywhere: true }) { endedSessions } }', {}, person.token)
    await isOut(person.token)
  })
})
