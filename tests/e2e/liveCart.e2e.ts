import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, get, type TestShop } from '../client.ts'
import { addLine, guest, signUp, someVariants } from '../people.ts'
import { modes } from '../shop.ts'

const liveCart = /* GraphQL */ `
  subscription ($after: Int) {
    cartUpdated(after: $after) {
      seq
      reason
      cart { lines { quantity variant { sku price { amount { amount } } product { title } } } totals { total { amount } } }
    }
  }
`

describe.each(modes)('a live cart, %s', (_, start) => {
  let shop: TestShop
  beforeAll(async () => {
    shop = await start()
  })
  afterAll(() => shop?.stop())

  test('given two devices of one buyer, when one changes the cart, then both see it at once, titles and prices included', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 3)
    const [phone, laptop] = [connect(shop, token), connect(shop, token)]
    const [onPhone, onLaptop] = [phone.watch(liveCart), laptop.watch(liveCart)]
    expect((await onPhone.next()).cartUpdated).toEqual({ seq: 0, reason: 'SNAPSHOT', cart: null })
    expect((await onLaptop.next()).cartUpdated.reason).toBe('SNAPSHOT')

    await addLine(shop, token, variant!.id, 2)

    for (const device of [onPhone, onLaptop]) {
      const { cartUpdated } = await device.next()
      expect(cartUpdated).toMatchObject({
        reason: 'LINE_ADDED',
        cart: {
          lines: [
            {
              quantity: 2,
              variant: {
                sku: variant!.sku,
                price: { amount: { amount: variant!.price } },
                product: { title: variant!.title },
              },
            },
          ],
        },
      })
    }
    await Promise.all([phone.close(), laptop.close()])
  })

  test('given a connection that was cut, when the client comes back with its last seq, then it misses nothing (R15)', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    const first = connect(shop, token)
    const { seq } = (await first.watch(liveCart).next()).cartUpdated
    await first.close()
    for (const _ of [1, 2, 3]) await addLine(shop, token, variant!.id)
    const second = connect(shop, token)
    let added = 0
    const messages = await second
      .watch(liveCart, { after: seq })
      .until(({ cartUpdated }) => cartUpdated.reason === 'LINE_ADDED' && ++added === 3)
    expect(messages.map(({ cartUpdated }) => cartUpdated.seq)).toEqual(messages.map((_, index) => seq + 1 + index))
    // News of prices that are as new as the product may come late.
    const reasons = messages.map(({ cartUpdated }) => cartUpdated.reason).filter((reason) => reason !== 'PRICE_CHANGED')
    expect(reasons).toEqual(['LINE_ADDED', 'LINE_ADDED', 'LINE_ADDED'])
    await second.close()
  })

  test('given an anonymous viewer, when they watch a cart or a bad document comes, then there is a typed error and the socket lives', async () => {
    const socket = connect(shop)
    const codeOf = async (query: string, variables = {}): Promise<string> => {
      const failure = await socket
        .watch(query, variables)
        .next()
        .then(
          () => 'no error',
          (error) => error,
        )
      return failure.code
    }
    expect(await codeOf(liveCart)).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    expect(await codeOf('subscription { nothing }')).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await codeOf('subscription {')).toBe('GRAPHQL_PARSE_FAILED')
    expect(await codeOf('subscription { cartUpdated @include(if: true) { seq } }')).toBe('BAD_REQUEST')
    expect(await codeOf('subscription ($x: Boolean!) { cartUpdated @skip(if: $x) { seq } }', { x: false })).toBe(
      'BAD_REQUEST',
    )
    expect(await socket.watch('{ viewer { kind } }').next()).toEqual({ viewer: { kind: 'ANONYMOUS' } })
    await socket.close()
  })

  test('given an explorer that sends its headers with each operation, when the token is good or bad, then it counts like over HTTP', async () => {
    const token = await guest(shop)
    const { client, close } = connect(shop)
    const first = async (authorization: string): Promise<unknown> => {
      const operation = { query: '{ viewer { kind } }', extensions: { headers: { authorization } } }
      for await (const { data } of client.iterate(operation)) return data
    }
    expect(await first(`Bearer ${token}`)).toEqual({ viewer: { kind: 'GUEST' } })
    expect(await first('')).toEqual({ viewer: { kind: 'ANONYMOUS' } })
    await expect(first('Bearer junk')).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    await close()
  })

  test('given a guest with a cart, when they sign up, then the cart comes along and the guest session is over', async () => {
    const guestToken = await guest(shop)
    const [a, b] = (await someVariants(shop)).filter(({ left }) => left > 3)
    await addLine(shop, guestToken, a!.id, 2)
    const { token } = await signUp(shop, guestToken)
    const { cart } = await get(shop, '{ cart { lines { quantity variant { id } } } }', {}, token)
    expect(cart.lines).toEqual([{ quantity: 2, variant: { id: a!.id } }])
    await addLine(shop, token, b!.id)
    const again = await get(shop, '{ cart { lines { quantity } } }', {}, token)
    expect(again.cart.lines).toHaveLength(2)
  })
})
