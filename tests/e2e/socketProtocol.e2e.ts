import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer, TestShop } from '../client.ts'
import { addLine, guest, someVariants } from '../people.ts'
import { joinSocket, openSocket, type RawSocket } from '../rawSocket.ts'
import { startTogether } from '../shop.ts'

const viewer = '{ viewer { kind } }'
const init = { type: 'connection_init' }
const ack = { type: 'connection_ack' }
const subscribe = (id: string, query = viewer, more: object = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, ...more },
})
const complete = (id: string) => ({ id, type: 'complete' })
const answer = (id: string, kind = 'ANONYMOUS') => ({ id, type: 'next', payload: { data: { viewer: { kind } } } })
const watchCart = 'subscription { cartUpdated { seq reason } }'

let shop: TestShop
beforeAll(async () => {
  // All tests come from one address, and each socket may be slow to go.
  shop = await startTogether({ SOCKETS_PER_ADDRESS: '1000' })
})
afterAll(() => shop?.stop())

/** The cost of an answer is not what these tests are about. */
const withoutExtensions = (message: Answer): Answer => {
  if (message.payload) delete message.payload.extensions
  return message
}

const heard = async (raw: RawSocket) => withoutExtensions(await raw.hear())

/** Everything that came before the answer to a ping, which is answered at once and in order. */
const untilPong = async (raw: RawSocket) => {
  const mark = { mark: crypto.randomUUID() }
  raw.say({ type: 'ping', payload: mark })
  const messages = []
  for (let message = await heard(raw); message.type !== 'pong'; message = await heard(raw)) messages.push(message)
  return messages
}

describe('graphql-transport-ws: the connection', () => {
  test('"the sub-protocol is graphql-transport-ws": it is chosen among others; without it the socket is closed', async () => {
    const { socket } = await openSocket(shop, { protocols: ['graphql-ws', 'graphql-transport-ws'] })
    expect(socket.protocol).toBe('graphql-transport-ws')
    socket.close()
    const none = await openSocket(shop, { protocols: [] })
    expect(await none.closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' })
    await expect(openSocket(shop, { protocols: ['graphql-ws'] })).rejects.toThrow('no subprotocol')
  })

  test.each([[{}], [{ payload: {} }], [{ payload: null }], [{ payload: { more: 'than expected' } }]])(
    '"connection_init, with or without a payload, is acknowledged": %j',
    async (more) => {
      const raw = await openSocket(shop)
      raw.say({ ...init, ...more })
      expect(await raw.hear()).toEqual(ack)
      raw.socket.close()
    },
  )

  test('"more than one connection_init at any given time closes with 4429": after the acknowledgement and before it', async () => {
    const tooMany = { code: 4429, reason: 'Too many initialisation requests' }
    const late = await joinSocket(shop)
    late.say(init)
    expect(await late.closed).toEqual(tooMany)
    const early = await openSocket(shop)
    early.say(init, init)
    expect(await early.closed).toEqual(tooMany)
  })

  test('"executing is allowed only after the acknowledgement, else 4401": without a greeting, and with one that is under way', async () => {
    const unauthorized = { code: 4401, reason: 'Unauthorized' }
    const rude = await openSocket(shop)
    rude.say(subscribe('1'))
    expect(await rude.closed).toEqual(unauthorized)
    const hasty = await openSocket(shop)
    hasty.say(init, subscribe('1'))
    expect(await hasty.closed).toEqual(unauthorized)
  })

  test('"ping is answered by pong at any time", with its payload; a pong nobody asked for is ignored', async () => {
    const raw = await openSocket(shop)
    raw.say({ type: 'ping' })
    expect(await raw.hear()).toEqual({ type: 'pong' })
    raw.say({ type: 'ping', payload: { a: [1] } }, { type: 'pong' }, { type: 'pong', payload: {} }, init)
    expect(await raw.hear()).toEqual({ type: 'pong', payload: { a: [1] } })
    expect(await raw.hear()).toEqual(ack)
    raw.socket.close()
  })

  test.each([
    ['no JSON', '{'],
    ['empty', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', [init]],
    ['no type', {}],
    ['a type that is no text', { type: 7 }],
    ['an unknown type', { type: 'start' }],
    ['a type of Object.prototype', { type: 'toString' }],
    ['a message of the server: connection_ack', ack],
    ['a message of the server: next', answer('1')],
    ['a message of the server: error', { id: '1', type: 'error', payload: [{ message: 'x' }] }],
    ['a greeting with a text', { ...init, payload: 'token' }],
    ['a ping with a list', { type: 'ping', payload: [] }],
    ['subscribe without id', { type: 'subscribe', payload: { query: viewer } }],
    ['subscribe with an empty id', subscribe('')],
    ['subscribe with a number as id', { ...subscribe('1'), id: 1 }],
    ['subscribe with an id of 129 characters', subscribe('x'.repeat(129))],
    ['subscribe without payload', { id: '1', type: 'subscribe' }],
    ['subscribe without query', { id: '1', type: 'subscribe', payload: {} }],
    ['subscribe with a query that is no text', { id: '1', type: 'subscribe', payload: { query: {} } }],
    ['subscribe with variables that are no object', subscribe('1', viewer, { variables: 'x' })],
    ['subscribe with an operation name that is no text', subscribe('1', viewer, { operationName: 1 })],
    ['subscribe with extensions that are no object', subscribe('1', viewer, { extensions: 1 })],
    ['complete without id', { type: 'complete' }],
  ])('"a message that is not specified closes with 4400": %s', async (_, message) => {
    const raw = await joinSocket(shop)
    raw.say(message)
    expect(await raw.closed).toEqual({ code: 4400, reason: 'Invalid message received' })
    expect(raw.unheard).toEqual([])
  })
})

describe('graphql-transport-ws: operations', () => {
  let raw: RawSocket
  beforeAll(async () => {
    raw = await joinSocket(shop, await guest(shop))
  })
  afterAll(() => raw?.socket.close())

  test('"a single result is one next and then complete", also for a mutation, and with null for what is optional', async () => {
    const nothing = { variables: null, operationName: null, extensions: null }
    raw.say(subscribe('single', viewer, nothing))
    expect(await heard(raw)).toEqual(answer('single', 'GUEST'))
    expect(await heard(raw)).toEqual(complete('single'))
    raw.say(
      subscribe('named', 'query A { __typename } query B($x: Boolean!) { viewer { id @include(if: $x) kind } }', {
        operationName: 'B',
        variables: { x: false },
      }),
    )
    expect(await heard(raw)).toEqual(answer('named', 'GUEST'))
    expect(await heard(raw)).toEqual(complete('named'))
    raw.say(subscribe('mutation', 'mutation { continueAsGuest { userErrors { code } } }'))
    expect(await heard(raw)).toMatchObject({
      id: 'mutation',
      payload: { data: { continueAsGuest: { userErrors: [] } } },
    })
    expect(await heard(raw)).toEqual(complete('mutation'))
  })

  test.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($x: Int!) { viewer { id @include(if: true) } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])(
    '"errors before execution are an error message with GraphQL errors, and no complete follows": %s',
    async (query, code) => {
      raw.say(subscribe('bad', query))
      const { id, type, payload } = await raw.hear()
      expect([id, type]).toEqual(['bad', 'error'])
      expect(payload[0]).toMatchObject({ message: expect.any(String), extensions: { code } })
      expect(await untilPong(raw)).toEqual([])
      // The id is free again.
      raw.say(subscribe('bad'))
      expect(await heard(raw)).toEqual(answer('bad', 'GUEST'))
      expect(await heard(raw)).toEqual(complete('bad'))
    },
  )

  test('"errors of execution come within next": the answer has both, and complete follows', async () => {
    raw.say(subscribe('partial', '{ viewer { kind } order(id: "ord_1") { id } payment(id: "x") { id } }'))
    expect(await heard(raw)).toMatchObject({
      id: 'partial',
      type: 'next',
      payload: { data: { viewer: { kind: 'GUEST' } } },
    })
    expect(await heard(raw)).toEqual(complete('partial'))
  })

  test('"complete of an id that is not running is ignored"', async () => {
    raw.say(complete('never'), complete('single'))
    expect(await untilPong(raw)).toEqual([])
  })

  test('"after complete of the client nothing more comes"; its id may be used again in the same breath, and the new operation lives', async () => {
    const token = await guest(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 30)
    const own = await joinSocket(shop, token)
    own.say(subscribe('cart', watchCart), subscribe('other', watchCart))
    for (const _ of [1, 2]) expect(await own.hear()).toMatchObject({ type: 'next' })
    // Ended and begun again in one write: the old one's end must not take the new one with it.
    own.say(complete('cart'), subscribe('cart', watchCart))
    expect(await own.hear()).toMatchObject({
      id: 'cart',
      type: 'next',
      payload: { data: { cartUpdated: { reason: 'SNAPSHOT' } } },
    })
    own.say(complete('other'))
    await addLine(shop, token, variant!.id)
    expect(await own.hear()).toMatchObject({ id: 'cart', payload: { data: { cartUpdated: { reason: 'LINE_ADDED' } } } })
    // But for news of the price, which is as new as the shop and may come late.
    const isNews = ({ payload }: Answer) => payload?.data?.cartUpdated?.reason === 'PRICE_CHANGED'
    expect((await untilPong(own)).filter((message) => !isNews(message))).toEqual([])
    own.socket.close()
  })

  test('"complete before the first result": an operation that was ended while it was being opened says nothing', async () => {
    raw.say(subscribe('hasty', watchCart), complete('hasty'), subscribe('hasty query'), complete('hasty query'))
    raw.say(subscribe('after'))
    const messages = [await heard(raw), await heard(raw)]
    expect(messages).toEqual([answer('after', 'GUEST'), complete('after')])
    expect(await untilPong(raw)).toEqual([])
  })

  test('"an id in use closes with 4409", and says which one as long as it fits', async () => {
    const long = 'é'.repeat(120)
    for (const [id, reason] of [
      ['twice', 'Subscriber for twice already exists'],
      [long, 'Subscriber already exists'],
    ] as const) {
      const own = await joinSocket(shop, await guest(shop))
      own.say(subscribe(id, watchCart), subscribe(id, watchCart))
      expect(await own.closed).toEqual({ code: 4409, reason })
    }
  })

  test('given many operations at once, when one is bad, then each ends as if it were alone', async () => {
    const ids = Array.from({ length: 9 }, (_, n) => `n${n}`)
    raw.say(...ids.map((id, n) => subscribe(id, n % 3 === 1 ? '{ nothing }' : viewer)))
    const messages = []
    while (messages.length < 15) messages.push(await heard(raw))
    for (const [n, id] of ids.entries())
      expect(messages.filter((message) => message.id === id).map(({ type }) => type)).toEqual(
        n % 3 === 1 ? ['error'] : ['next', 'complete'],
      )
  })
})
