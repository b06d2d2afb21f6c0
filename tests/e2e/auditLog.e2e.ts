import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import type { SubgraphName } from '../../platform/config.ts'
import { audited } from '../access/audited.ts'
import { type Answer, ask, get, send } from '../client.ts'
import { addLine, guest, offer, placeOrder, signIn, signUp } from '../people.ts'
import { startTogether } from '../shop.ts'

type Shop = Awaited<ReturnType<typeof startTogether>>
type Person = Awaited<ReturnType<typeof signUp>>

let shop: Shop
/** An administrator who only reads the log. */
let reader: string
/** An administrator who acts. */
let root: string
let seller: string
beforeAll(async () => {
  shop = await startTogether()
  const makeAdmin = async (): Promise<string> => {
    const person = await signUp(shop)
    await inside('admin', 'users', 'makeAdmin', { email: person.email })
    return signIn(shop, person)
  }
  reader = await makeAdmin()
  root = await makeAdmin()
  seller = await signIn(shop, tidewaterGoods)
})
afterAll(() => shop?.stop())

const typeOf = (name: string): string => `${name[0]!.toUpperCase()}${name.slice(1)}Input!`

/** A mutation by its name, as the viewer of a token; refusals fail the test. */
const run = async (name: string, input: object, token?: string, selection = ''): Promise<Answer> => {
  const document = `mutation ($input: ${typeOf(name)}) { ${name}(input: $input) { ${selection} userErrors { code message } } }`
  const payload = (await get(shop, document, { input }, token))[name]
  expect(payload.userErrors).toEqual([])
  return payload
}

/** A mutation for siblings and programs. */
const inside = async (service: string, subgraph: SubgraphName, name: string, input: object): Promise<void> => {
  const query = `mutation ($input: ${typeOf(name)}) { ${name}(input: $input) { userErrors { code message } } }`
  const answer = await shop.callAs(service)<Answer>(subgraph, { query, variables: { input } })
  expect(answer[name].userErrors).toEqual([])
}

const idOf = async (token: string): Promise<string> => (await get(shop, '{ viewer { id } }', {}, token)).viewer.id

const until = async <T>(look: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> => {
  const began = performance.now()
  for (;;) {
    const answer = await look()
    if (isThere(answer)) return answer
    if (performance.now() - began > 15_000) throw new Error(`still ${JSON.stringify(answer)}`)
  }
}

const tokenFor = async ({ email }: Person, subject: string): Promise<string> => {
  const page = await until(
    async () => (await send(shop, undefined, {}, { path: '/inbox', method: 'GET' })).text.split('<article>'),
    (mails) => mails.some((mail) => mail.includes(email) && mail.includes(subject)),
  )
  const mail = page.find((article) => article.includes(email) && article.includes(subject))
  return /\b[\w-]{22}\.[\w-]{43}(?![\w-])/.exec(mail ?? '')![0]
}

/** An order with its payment, and the token of who placed it. */
const anOrder = async (payment = 'tok_ok') => {
  const buyer = await guest(shop)
  await addLine(shop, buyer, (await offer(shop, seller)).variantIds[0]!)
  const { order } = await placeOrder(shop, buyer, { payment: { provider: 'sandbox', token: payment } })
  return { buyer, id: order.id as string, paymentId: order.payments[0].id as string }
}

const amount = { amount: '1.00', currencyCode: 'EUR' }
const importable = { handle: 'audited-rug', title: 'Rug', vendor: 'Looms', published: true }

/** Does each audited mutation, twice where repeating it changes nothing, and tells the id that its entry is about. */
const doings: Readonly<Record<string, () => Promise<string>>> = {
  placeOrder: async () => (await anOrder()).id,
  cancelOrder: async () => {
    const { id } = await anOrder()
    for (const _ of Array(2)) await run('cancelOrder', { id }, root)
    return id
  },
  confirmPayment: async () => {
    const { buyer, paymentId } = await anOrder('tok_requires_action')
    await run('confirmPayment', { paymentId }, buyer)
    return paymentId
  },
  refundPayment: async () => {
    const { paymentId } = await anOrder()
    for (const _ of Array(2)) await run('refundPayment', { paymentId, amount, idempotencyKey: 'k' }, root)
    return paymentId
  },
  setPrices: async () => {
    const [first = '', second = ''] = (await offer(shop, seller, { variants: 2, published: false })).variantIds
    await until(
      () => countOf('PRICES_SET', first),
      (count) => count === 1,
    )
    const prices = [second, first].map((variantId) => ({ variantId, amount }))
    for (const _ of Array(2)) await run('setPrices', { prices }, root)
    return second
  },
  createProduct: async () => (await offer(shop, seller, { published: false })).productId,
  updateProduct: async () => {
    const { productId: id } = await offer(shop, seller, { published: false })
    for (const _ of Array(2)) await run('updateProduct', { id, title: 'Named by an administrator' }, root)
    return id
  },
  publishProduct: async () => {
    const { productId: id } = await offer(shop, seller, { published: false })
    for (const _ of Array(2)) await run('publishProduct', { id }, root)
    return id
  },
  adjustStock: async () => {
    const variantId = (await offer(shop, seller)).variantIds[0]!
    const input = { variantId, delta: 5, reason: 'found', idempotencyKey: 'k' }
    for (const _ of Array(2)) await run('adjustStock', input, root)
    return variantId
  },
  createStockLocation: async () => {
    await run('createStockLocation', { code: 'audited', name: 'Audited' }, root)
    return 'audited'
  },
  updateStockLocation: async () => {
    await run('createStockLocation', { code: 'renamed', name: 'Audited' }, root)
    for (const _ of Array(2)) await run('updateStockLocation', { code: 'renamed', name: 'Renamed' }, root)
    return 'renamed'
  },
  importProducts: async () => {
    const sellerId = await idOf((await signUp(shop)).token)
    const products = ['a', 'b'].map((letter) => ({
      ...importable,
      handle: `audited-${letter}`,
      variants: [{ sku: `AUDITED-${letter}` }],
    }))
    for (const _ of Array(2)) await inside('import', 'products', 'importProducts', { sellerId, products })
    return sellerId
  },
  signUp: async () => idOf((await signUp(shop)).token),
  signIn: async () => idOf(await signIn(shop, await signUp(shop))),
  signOut: async () => {
    const { token } = await signUp(shop)
    const id = await idOf(token)
    await run('signOut', {}, token)
    return id
  },
  revokeSession: async () => {
    const person = await signUp(shop)
    await signIn(shop, person)
    const { sessions } = await get(shop, '{ sessions { id isCurrent } }', {}, person.token)
    const { id } = sessions.find(({ isCurrent }: Answer) => !isCurrent)
    await run('revokeSession', { id }, person.token)
    return id
  },
  changePassword: async () => {
    const { token, password } = await signUp(shop)
    await run('changePassword', { currentPassword: password, newPassword: 'cobalt-otter-93' }, token)
    return idOf(token)
  },
  requestPasswordReset: async () => {
    const { token, email } = await signUp(shop)
    await run('requestPasswordReset', { email })
    return idOf(token)
  },
  resetPassword: async () => {
    const person = await signUp(shop)
    const id = await idOf(person.token)
    await run('requestPasswordReset', { email: person.email })
    const token = await tokenFor(person, 'A new password')
    await run('resetPassword', { token, newPassword: 'cobalt-otter-93' })
    return id
  },
  verifyEmail: async () => {
    const person = await signUp(shop)
    await run('verifyEmail', { token: await tokenFor(person, 'Is this your e-mail address?') })
    return idOf(person.token)
  },
  becomeSeller: async () => {
    const { token } = await signUp(shop)
    for (const shopName of ['Looms', 'Looms & Co']) await run('becomeSeller', { shopName }, token)
    return idOf(token)
  },
  closeAccount: async () => {
    const { token, password } = await signUp(shop)
    const id = await idOf(token)
    await run('closeAccount', { password }, token)
    return id
  },
  exportMyData: async () => {
    const { token, password } = await signUp(shop)
    await run('exportMyData', { password }, token)
    return idOf(token)
  },
  replayEvents: async () => {
    const eventId = `evt_of_${await idOf((await signUp(shop)).token)}`
    await until(
      async () => (await get(shop, '{ outbox { queues { name } } }', {}, root)).outbox,
      (outbox) => outbox !== null,
    )
    await run('replayEvents', { queue: 'orders', eventId }, root, 'requested')
    return eventId
  },
  banAccount: async () => {
    const id = await idOf((await signUp(shop)).token)
    for (const _ of Array(2)) await run('banAccount', { id }, root)
    return id
  },
  unbanAccount: async () => {
    const id = await idOf((await signUp(shop)).token)
    await run('banAccount', { id }, root)
    for (const _ of Array(2)) await run('unbanAccount', { id }, root)
    return id
  },
  grantRole: async () => {
    const id = await idOf((await signUp(shop)).token)
    for (const _ of Array(2)) await run('grantRole', { id, role: 'SUPPORT' }, root)
    return id
  },
  revokeRole: async () => {
    const id = await idOf((await signUp(shop)).token)
    await run('grantRole', { id, role: 'SUPPORT' }, root)
    for (const _ of Array(2)) await run('revokeRole', { id, role: 'SUPPORT' }, root)
    return id
  },
  makeAdmin: async () => {
    const { token, email } = await signUp(shop)
    for (const _ of Array(2)) await inside('admin', 'users', 'makeAdmin', { email })
    return idOf(token)
  },
  ensureAccount: async () => {
    const input = { email: 'ensured@example.org', password: 'cobalt-otter-93', name: 'E', roles: [] }
    for (const _ of Array(2)) await inside('seed', 'users', 'ensureAccount', input)
    const { account } = await get(shop, `{ account(email: "${input.email}") { id } }`, {}, reader)
    return account.id
  },
}

const log = `query ($filter: AuditFilter) { auditLog(first: 100, filter: $filter) {
  totalCount nodes { actorKind actorId address requestId } } }`

const entriesOf = async (action: string, target: string): Promise<Answer> =>
  (await get(shop, log, { filter: { action, target } }, reader)).auditLog

const countOf = async (action: string, target: string): Promise<number> => (await entriesOf(action, target)).totalCount

/** What was done so far: the act and what it was done to. */
const done: [action: string, target: string][] = []

describe('one entry for each act (I22)', () => {
  test('given the audited mutations, then each of them is done here', () => {
    expect(Object.keys(doings).sort()).toEqual(Object.keys(audited).sort())
  })

  test.each(Object.entries(audited))(
    'given %s, when it is done, and done again where that changes nothing, then the log has one entry %s with actor, address and request (threat: audit)',
    async (name, action) => {
      const target = await doings[name]!()
      done.push([action, target])
      const { nodes } = await until(
        () => entriesOf(action, target),
        ({ nodes: found }) => found.length > 0,
      )
      expect(nodes).toHaveLength(1)
      expect(nodes[0]).toMatchObject({ requestId: expect.stringMatching(/^[\w-]{8,}$/) })
      if (nodes[0].actorKind !== 'service') expect(nodes[0].address).not.toBe('')
    },
  )

  test('given all of that, when the log is checked and counted once more, then the chain is whole, and no act came twice', async () => {
    const verify = '{ auditVerification { entries problems } }'
    const { auditVerification } = await shop.callAs('audit')<Answer>('users', { query: verify })
    expect(auditVerification.problems).toEqual([])
    expect(done).toHaveLength(Object.keys(audited).length)
    for (const [action, target] of done) expect([action, await countOf(action, target)]).toEqual([action, 1])
  })

  test('given a refused act, then the log has nothing of it', async () => {
    const { id, paymentId } = await anOrder()
    const stranger = await guest(shop)
    const cancel = 'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { userErrors { code } } }'
    const { data } = await ask(shop, cancel, { id }, stranger)
    expect(data.cancelOrder.userErrors).toEqual([{ code: 'NOT_FOUND' }])
    await until(
      () => countOf('ORDER_PLACED', id),
      (count) => count === 1,
    )
    expect(await countOf('ORDER_CANCELED', id)).toBe(0)
    expect(await countOf('PAYMENT_REFUNDED', paymentId)).toBe(0)
  })
})
