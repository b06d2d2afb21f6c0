import { expect, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { anonymous, noClient, service, type Viewer } from './auth.ts'
import type { RequestContext } from './context.ts'
import { makeLog } from './log.ts'
import { anyone, mutation, only, shopper, unguardedMutations, user } from './resolvers.ts'

const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }
const admin: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles: ['ADMIN'] }

const contextOf = (viewer: Viewer): RequestContext => ({
  viewer,
  client: noClient,
  log: makeLog('silent'),
  loaders: {},
  signal: new AbortController().signal,
  requestId: 'req_1',
})

const throwing = (error: unknown) => async (): Promise<{ cart: string | null }> => {
  throw error
}

test('given a viewer who may, when the mutation runs, then it gets arguments, viewer and context, and answers without errors', async () => {
  const context = contextOf(guest)
  const resolver = mutation(shopper, { got: null }, async (args: { id: string }, viewer, same: RequestContext) => ({
    got: [args.id, viewer.id, same === context],
  }))
  expect(await resolver(undefined, { id: 'cart_1' }, context)).toEqual({
    got: ['cart_1', 'gst_1', true],
    userErrors: [],
  })
})

test('given a viewer who may not, when the mutation is called, then it does not run and answers why', async () => {
  let runs = 0
  const run = async () => ({ cart: String(++runs) })
  const refusals = await Promise.all([
    mutation(shopper, { cart: null }, run)(undefined, {}, contextOf(anonymous)),
    mutation(user('ADMIN'), { cart: null }, run)(undefined, {}, contextOf(guest)),
    mutation(only('orders'), { cart: null }, run)(undefined, {}, contextOf(admin)),
    mutation(only('orders'), { cart: null }, run)(undefined, {}, contextOf(service('cart'))),
  ])
  expect(refusals.map(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
    ['UNAUTHENTICATED'],
    ['FORBIDDEN'],
    ['FORBIDDEN'],
    ['FORBIDDEN'],
  ])
  expect(refusals.every(({ cart }) => cart === null)).toBe(true)
  expect(runs).toBe(0)
})

test('given each guard, when somebody who may calls, then the mutation runs', async () => {
  const run = async () => ({ done: true })
  const refused = { done: false }
  const answers = await Promise.all([
    mutation(anyone, refused, run)(undefined, {}, contextOf(anonymous)),
    mutation(user('ADMIN', 'SUPPORT'), refused, run)(undefined, {}, contextOf(admin)),
    mutation(only('orders', 'cart'), refused, run)(undefined, {}, contextOf(service('cart'))),
  ])
  expect(answers).toEqual(Array(3).fill({ done: true, userErrors: [] }))
})

test('given a refusal with several problems, when it is thrown, then each is a user error with its field', async () => {
  const error = new ShopError(
    'OUT_OF_STOCK',
    'Only 3 left.',
    ['input', 'quantity'],
    [
      { code: 'BAD_USER_INPUT', message: 'No.', field: ['input', 'name'] },
      { code: 'CONFLICT', message: 'Again.' },
    ],
  )
  const answer = await mutation(anyone, { cart: null }, throwing(error))(undefined, {}, contextOf(anonymous))
  expect(answer).toEqual({
    cart: null,
    userErrors: [
      { code: 'OUT_OF_STOCK', message: 'Only 3 left.', field: ['input', 'quantity'] },
      { code: 'BAD_USER_INPUT', message: 'No.', field: ['input', 'name'] },
      { code: 'CONFLICT', message: 'Again.' },
    ],
  })
})

test('given a payload with problems of its own, when it is answered, then they are its user errors', async () => {
  const run = async () => ({ order: 'ord_1', userErrors: [{ code: 'PAYMENT_DECLINED' as const, message: 'No.' }] })
  expect(await mutation(anyone, { order: null }, run)(undefined, {}, contextOf(anonymous))).toEqual({
    order: 'ord_1',
    userErrors: [{ code: 'PAYMENT_DECLINED', message: 'No.' }],
  })
})

test('given a payload that shows the present state, when the mutation is refused, then it is read for these arguments', async () => {
  const refused = async (args: { id: string }, context: RequestContext) => ({
    cart: `${args.id} of ${context.viewer.kind}`,
  })
  const run = throwing(new ShopError('CART_EMPTY', 'Empty.'))
  expect(await mutation(anyone, refused, run)(undefined, { id: 'cart_1' }, contextOf(guest))).toMatchObject({
    cart: 'cart_1 of guest',
    userErrors: [{ code: 'CART_EMPTY' }],
  })
})

test('given a fault, when it is thrown, then it passes through and is not shown as a user error (R17)', async () => {
  for (const fault of [
    new TypeError('x is undefined'),
    new Error('E11000'),
    'text',
    { code: 'NOT_FOUND', problems: [] },
  ]) {
    const resolver = mutation(anyone, { cart: null }, throwing(fault))
    await expect(resolver(undefined, {}, contextOf(guest))).rejects.toBe(fault)
  }
})

test('given resolvers of mutations, when one is a bare function, then it is found (R9)', () => {
  const made = mutation(anyone, {}, async () => ({}))
  const bare = async () => ({})
  const mutations = {
    made,
    bare,
    wrapped: (...args: Parameters<typeof made>) => made(...args),
    object: { resolve: bare },
    none: null,
  }
  expect(unguardedMutations(mutations)).toEqual(['bare', 'wrapped', 'object', 'none'])
  expect(unguardedMutations({ made })).toEqual([])
})
