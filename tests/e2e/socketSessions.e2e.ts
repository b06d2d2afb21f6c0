import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { type Answer, get, type TestShop } from '../client.ts'
import { watchLateness } from '../lateness.ts'
import { addLine, guest, signIn, signUp, someVariants } from '../people.ts'
import { joinSocket, type RawSocket } from '../rawSocket.ts'
import { modes, startTogether } from '../shop.ts'

const sessionEnded = { code: 4403, reason: 'Session ended' }
const isOpen = ({ socket }: RawSocket): boolean => socket.readyState === WebSocket.OPEN

describe.each(modes)('who may stay connected, %s', (_, start) => {
  let shop: TestShop
  beforeAll(async () => {
    shop = await start()
  })
  afterAll(() => shop?.stop())

  const run = (token: string, mutation: string): Promise<Answer> => get(shop, `mutation { ${mutation} }`, {}, token)

  /** Does something, and says how the sockets close and how long after it the last one did; where the shop is late, that is taken off. */
  const closedBy = async (act: () => Promise<unknown>, ...sockets: RawSocket[]) => {
    const bystander = await guest(shop)
    await act()
    const began = performance.now()
    // The way of the gateway, which asks users once a second who has ended a session.
    const lateness = watchLateness(() => get(shop, '{ sessions { id } }', {}, bystander))
    const closed = await Promise.all(sockets.map((raw) => raw.closed))
    const ms = performance.now() - began - lateness.ms()
    await lateness.stop()
    return { closed, ms }
  }

  test('given sockets of one account on three devices, when one signs out, one is revoked, the password changes, all are signed out: then each closes within 2 s, and no other (threat: use after logout)', async () => {
    const person = await signUp(shop)
    const bystander = await joinSocket(shop, await guest(shop))
    const tokens = [await signIn(shop, person), await signIn(shop, person), await signIn(shop, person)] as const
    const own = await joinSocket(shop, person.token)
    const [leaving, revoked, other] = [
      await joinSocket(shop, tokens[0]),
      await joinSocket(shop, tokens[1]),
      await joinSocket(shop, tokens[2]),
    ]

    const signedOut = await closedBy(() => run(tokens[0], 'signOut { endedSessions }'), leaving)
    const { sessions } = await get(shop, '{ sessions { id isCurrent } }', {}, tokens[1])
    const { id } = sessions.find(({ isCurrent }: Answer) => isCurrent)
    const gone = await closedBy(
      () => run(person.token, `revokeSession(input: { id: "${id}" }) { userErrors { code } }`),
      revoked,
    )
    expect([own, other, bystander].map(isOpen)).toEqual([true, true, true])
    const passwords = `currentPassword: "${person.password}", newPassword: "cobalt-otter-93"`
    const changed = await closedBy(
      () => run(person.token, `changePassword(input: { ${passwords} }) { userErrors { code } }`),
      other,
    )
    expect([own, bystander].map(isOpen)).toEqual([true, true])
    const everywhere = await closedBy(
      () => run(person.token, 'signOut(input: { everywhere: true }) { endedSessions }'),
      own,
    )
    for (const { closed, ms } of [signedOut, gone, changed, everywhere]) {
      expect(closed).toEqual([sessionEnded])
      expect(ms).toBeLessThan(2_000)
    }
    expect(isOpen(bystander)).toBe(true)
    bystander.socket.close()
  })
})

describe('who may stay connected, by the clock', () => {
  const clock = makeManualClock()
  let shop: Awaited<ReturnType<typeof startTogether>>
  beforeAll(async () => {
    shop = await startTogether({ ACCESS_TOKEN_SECONDS: '60' }, { clock })
  })
  afterAll(() => shop?.stop())

  const adminToken = async (): Promise<string> => {
    const person = await signUp(shop)
    await shop.callAs('admin')('users', {
      query: 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { accountId } }',
      variables: { input: { email: person.email } },
    })
    return signIn(shop, person)
  }

  test('given the stock client, when its token expires, then 4403 makes it fetch a fresh one, and it goes on where it was (threat: WebSocket, expiring token; R15)', async () => {
    const made = await get(shop, 'mutation { continueAsGuest { session { accessToken refreshToken } } }')
    let { accessToken, refreshToken } = made.continueAsGuest.session
    let renewals = -1
    const codes: unknown[] = []
    const client = createClient({
      url: `${shop.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryWait: async () => undefined,
      connectionParams: async () => {
        renewals += 1
        if (renewals > 0) {
          const { refreshSession } = await get(
            shop,
            'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken refreshToken } } }',
            { input: { refreshToken } },
          )
          ;({ accessToken, refreshToken } = refreshSession.session)
        }
        return { authorization: `Bearer ${accessToken}` }
      },
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    })
    const seen: unknown[] = []
    client.subscribe<Answer>(
      { query: 'subscription { cartUpdated { seq reason } }' },
      {
        next: ({ data }) => seen.push(data.cartUpdated),
        error: (error) => seen.push(error),
        complete: () => undefined,
      },
    )
    await vi.waitUntil(() => seen.length === 1, 5_000)
    clock.advance(seconds(60))
    await vi.waitUntil(() => seen.length === 2, 5_000)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 3)
    await addLine(shop, accessToken, variant!.id)
    await vi.waitUntil(() => seen.length === 3, 5_000)
    expect(seen).toEqual([
      { seq: 0, reason: 'SNAPSHOT' },
      { seq: 0, reason: 'SNAPSHOT' },
      { seq: 1, reason: 'LINE_ADDED' },
    ])
    expect([codes, renewals]).toEqual([[4403], 1])
    await client.dispose()
  })

  test('given an operation that brought a token of its own, when that expires, then it ends with UNAUTHENTICATED, and the anonymous socket stays', async () => {
    const raw = await joinSocket(shop)
    const extensions = { headers: { authorization: `Bearer ${await guest(shop)}` } }
    raw.say({ id: 'own', type: 'subscribe', payload: { query: 'subscription { cartUpdated { seq } }', extensions } })
    expect(await raw.hear()).toMatchObject({ id: 'own', type: 'next' })
    clock.advance(seconds(60))
    expect(await raw.hear()).toMatchObject({
      id: 'own',
      type: 'error',
      payload: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    raw.say({ type: 'ping' })
    expect(await raw.hear()).toEqual({ type: 'pong' })
    raw.socket.close()
  })

  test('given an account that is banned, then its socket closes; given one whose roles change, then it closes as well, to come back with the new ones (threat: use after ban)', async () => {
    const admin = await adminToken()
    const [buyer, seller] = [await signUp(shop), await signUp(shop)]
    const sockets = [await joinSocket(shop, buyer.token), await joinSocket(shop, seller.token)] as const
    const { viewer } = await get(shop, '{ viewer { id } }', {}, buyer.token)
    await get(
      shop,
      'mutation ($id: ID!) { banAccount(input: { id: $id }) { userErrors { code } } }',
      { id: viewer.id },
      admin,
    )
    expect(await sockets[0].closed).toEqual(sessionEnded)
    await get(
      shop,
      'mutation { becomeSeller(input: { shopName: "Night Owl" }) { userErrors { code } } }',
      {},
      seller.token,
    )
    expect(await sockets[1].closed).toEqual({ code: 4403, reason: 'Roles changed' })
  })
})
