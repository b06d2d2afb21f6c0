import { toWire } from '#kernel/money.ts'
import { requireRole } from '#platform/auth.ts'
import { type Complete, mutation, only, shopper, user } from '#platform/resolvers.ts'
import { balances } from './domain/payment.ts'
import type { Resolvers, ResolversParentTypes } from './schema.generated.ts'
import { type Comparing, sumsOf, toSums } from './service/comparing.ts'
import type { Hearing } from './service/hearing.ts'
import type { makeManaging } from './service/managing.ts'
import type { makePaying } from './service/paying.ts'

export interface Services {
  readonly paying: ReturnType<typeof makePaying>
  readonly managing: ReturnType<typeof makeManaging>
  readonly hearing: Pick<Hearing, 'receive'>
  readonly comparing: Comparing
  readonly providerNames: readonly string[]
}

const orders = only('orders')
const gateway = only('gateway')
const staff = user('SUPPORT', 'ADMIN')
const none = { payment: null }

export const makeResolvers = ({
  paying,
  managing,
  hearing,
  comparing,
  providerNames,
}: Services): Complete<Resolvers, ResolversParentTypes> => ({
  Query: {
    payment: (_, { id }, { loaders }) => loaders.payment.load(id),
    paymentProviders: () => [...providerNames],
    paymentDifferences: (_, args, { viewer }) => {
      requireRole(viewer, 'ADMIN')
      return comparing.differences(args)
    },
    bookComparisons: (_, __, { viewer }) => {
      requireRole(viewer, 'ADMIN')
      return comparing.places()
    },
  },
  Mutation: {
    confirmPayment: mutation(shopper, none, ({ input }, _viewer, context) =>
      managing.confirm(context, input.paymentId),
    ),
    refundPayment: mutation(staff, none, ({ input }, _viewer, context) => managing.refund(context, input)),
    authorizePayment: mutation(orders, none, ({ input }) => paying.authorize(input)),
    capturePayment: mutation(orders, none, ({ input }) => paying.capture(input.orderId)),
    capturePaymentPart: mutation(orders, none, ({ input }) => paying.capturePart(input)),
    releasePayment: mutation(orders, none, ({ input }) => paying.release(input.orderId)),
    receivePaymentWebhook: mutation(gateway, { received: false }, async ({ input }) => {
      await hearing.receive(input.provider, input)
      return { received: true }
    }),
    cancelPayment: mutation(orders, none, ({ input }) => paying.cancel(input.orderId)),
  },
  Order: {
    __resolveReference: ({ id }) => ({ id }),
    payments: ({ id }, _, { loaders }) => loaders.paymentsOfOrder.load(id),
  },
  Payment: {
    __resolveReference: ({ id }, { loaders }) => loaders.payment.load(id),
    id: ({ _id }) => _id,
    status: ({ state }) => state.kind,
    amount: ({ amount }) => toWire(amount),
    captured: (payment) => toWire(balances(payment).captured),
    refunded: (payment) => toWire(balances(payment).refunded),
    nextAction: ({ state }) => (state.kind === 'REQUIRES_ACTION' ? state.action : null),
    declineCode: ({ state }) => (state.kind === 'DECLINED' ? state.code : null),
  },
  PaymentDifference: {
    id: ({ _id }) => _id,
    payment: ({ _id }, _, { loaders }) => loaders.payment.load(_id),
    ours: async ({ _id }, _, { loaders }) => {
      const payment = await loaders.payment.load(_id)
      return payment && sumsOf(payment)
    },
    theirs: ({ theirs }) => theirs && toSums(theirs),
  },
  PaymentSums: {
    authorized: ({ authorized }) => toWire(authorized),
    captured: ({ captured }) => toWire(captured),
    released: ({ released }) => toWire(released),
    refunded: ({ refunded }) => toWire(refunded),
  },
  PaymentDifferenceConnection: { totalCount: ({ count }) => count() },
  BookComparison: {
    provider: ({ _id }) => _id,
    comparedUntil: ({ until }) => until || null,
    finishedAt: ({ finishedAt }) => finishedAt ?? null,
  },
  PaymentTransaction: { amount: ({ amount }) => toWire(amount) },
})
