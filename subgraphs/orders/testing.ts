import { expect, onTestFinished } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import type { Viewer } from '#platform/auth.ts'
import { startSubgraph } from '#platform/runningSubgraph.ts'
import { askSubgraph, startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings, totalOf } from './clients.memory.ts'
import { anAddress } from './domain/testing.ts'
import { defineOrders } from './index.ts'

const userWithId = (last: string, ...roles: ('BUYER' | 'SELLER' | 'SUPPORT')[]) => ({
  kind: 'user' as const,
  id: `usr_01ARZ3NDEKTSV4RRFFQ69G5F${last}`,
  sessionId: 'ses_1',
  roles,
})
export const buyer = userWithId('B1', 'BUYER')
export const stranger = userWithId('B2', 'BUYER')
export const support = userWithId('U1', 'SUPPORT')
export const seller = userWithId('S1', 'BUYER', 'SELLER')
export const otherSeller = userWithId('S2', 'BUYER', 'SELLER')
export const guest = { kind: 'guest' as const, id: 'gst_01ARZ3NDEKTSV4RRFFQ69G5FG1', sessionId: 'ses_2' }

interface ToldOrder {
  readonly id: string
  readonly number: string | null
  readonly status: string
  readonly nextStates: string[]
  readonly checkout: { readonly steps: { name: string; status: string; attempt: number; reason: string | null }[] }
  readonly timeline: { seq: number; event: string }[]
}
interface Told {
  readonly order: ToldOrder | null
  readonly accessToken?: string | null
  readonly userErrors: readonly { code: string; message: string; field: string[] | null }[]
}

const fields = `
  id number status nextStates
  checkout { steps { name status attempt reason } }
  timeline { seq event }
`
const place = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { ${fields} } accessToken userErrors { code message field } }
}`
const cancel = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) { order { ${fields} } userErrors { code message field } }
}`

type OrderChange = { units?: number; token?: string } & Record<string, unknown>

export const start = async () => {
  const clock = makeManualClock()
  const shop = makeMemorySiblings()
  const definition = defineOrders(() => shop.siblings)
  const started = await startTestSubgraph(definition, { clock })
  const runOver =
    (ask: typeof started.ask) =>
    async (viewer: Viewer, name: string, query: string, input: object): Promise<Told> => {
      const { data, errors } = await ask(viewer, query, { input })
      if (errors) throw new Error(errors[0]?.message)
      return data?.[name] as Told
    }
  const run = runOver(started.ask)
  const orderBy =
    (runHere: typeof run) =>
    (viewer: Viewer, change: OrderChange = {}) => {
      const { units = 2, token = 'tok_ok', ...rest } = change
      return runHere(viewer, 'placeOrder', place, {
        idempotencyKey: 'key-1',
        email: 'ada@example.test',
        shippingAddress: anAddress,
        acknowledgedTotal: totalOf(units),
        payment: { provider: 'sandbox', token },
        ...rest,
      })
    }
  const order = orderBy(run)
  shop.stock.add('var_a', 10)
  shop.fill(buyer.id, { var_a: 2 })
  const parts = started.subgraph.parts
  /** What the relay does with an event of a sibling. */
  const hear = async (type: string, payload: Record<string, unknown>, id = 'evt_1') => {
    const event = { id, at: new Date(0), aggregateId: 'agg_1', type, payload }
    for (const consumer of parts.consumers ?? []) await consumer.on[type]?.(event)
  }
  return {
    ...started,
    definition,
    clock,
    shop,
    order,
    cancelOrder: (viewer: Viewer, input: object) => run(viewer, 'cancelOrder', cancel, input),
    /** A second process over the same database. */
    another: async () => {
      const other = await startSubgraph(definition, started.deps)
      onTestFinished(() => other.stop())
      const runThere = runOver(askSubgraph(other, started.deps))
      return {
        order: orderBy(runThere),
        cancelOrder: (viewer: Viewer, input: object) => runThere(viewer, 'cancelOrder', cancel, input),
        work: async () => {
          for (const job of other.parts.jobs ?? []) await job.run()
        },
      }
    },
    /** What the workers do: the job, once. */
    work: async () => {
      for (const job of parts.jobs ?? []) await job.run()
    },
    /** What the relay does with an event of payments. */
    tell: (type: string, orderId: string) => hear(type, { orderId }),
    hear,
    rows: () => started.deps.database.collection('orders').find({}).toArray(),
    left: (variantId = 'var_a') => shop.stock.rows.get(variantId)?.available,
  }
}

type Shop = Awaited<ReturnType<typeof start>>

/** Nothing held, nothing charged, nothing sold. */
export const expectUntouched = ({ shop, left }: Shop, orderId: string) => {
  expect(left()).toBe(10)
  expect([...(shop.stock.rows.get('var_a')?.holds ?? [])]).toEqual([])
  expect(shop.payments.rows.get(orderId)?.charged ?? 0).toBe(0)
  expect(['AUTHORIZED', 'CAPTURED']).not.toContain(shop.payments.rows.get(orderId)?.status)
}

export const expectSold = ({ shop, left }: Shop, orderId: string) => {
  expect(left()).toBe(8)
  expect([...(shop.stock.rows.get('var_a')?.claims ?? [])]).toEqual([[orderId, 2]])
  expect(shop.payments.rows.get(orderId)).toMatchObject({ status: 'CAPTURED', charged: 1 })
}
