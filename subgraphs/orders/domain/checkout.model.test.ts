import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { money } from '#kernel/money.ts'
import { minutes, seconds } from '#kernel/time.ts'
import { confirm, type Decision, decide, dueAt, expire, recordStep, type StepOutcome } from './checkout.ts'
import { recordUndo, requestCancel } from './compensation.ts'
import { isSold, type Order, transitions } from './order.ts'
import { recordRefund } from './refunding.ts'
import { resume } from './steps.ts'
import { anOrder, placedAt } from './testing.ts'

const outcomes: readonly StepOutcome[] = [
  { kind: 'done' },
  { kind: 'done' },
  { kind: 'unknown', reason: 'UNAVAILABLE' },
  { kind: 'actionRequired' },
  { kind: 'refused', problems: [{ code: 'OUT_OF_STOCK', message: 'none left' }] },
]

type Move =
  | { readonly kind: 'outcome'; readonly outcome: StepOutcome; readonly isStale: boolean }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'refund'; readonly id: string; readonly minor: number }
  | { readonly kind: 'later'; readonly minutes: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('outcome' as const),
      outcome: fc.constantFrom(...outcomes),
      isStale: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      id: fc.constantFrom('evt_1', 'evt_2', 'evt_3'),
      minor: fc.integer({ min: 1, max: 4_480 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('later' as const), minutes: fc.integer({ min: 0, max: 6 }) }) },
)

/** What one driver does with an order, given what it decided on and how the command went. */
const apply = (order: Order, decision: Decision, outcome: StepOutcome, now: number): Order => {
  if (decision.kind === 'expire') return expire(order, now)
  if (decision.kind === 'undo') return recordUndo(order, decision.step, outcome, now)
  if (decision.kind !== 'run') return order
  if (decision.step !== 'CONFIRM') return recordStep(order, decision.step, outcome, now)
  return outcome.kind === 'done' ? confirm(order, 100_001, now) : order
}

const canceled = (order: Order, now: number): Order => {
  try {
    return requestCancel(order, null, now)
  } catch (error) {
    if (error instanceof ShopError) return order
    throw error
  }
}

const refunded = (order: Order, id: string, minor: number, now: number): Order => {
  try {
    return recordRefund(order, { id, amount: money(minor, 'EUR') }, now)
  } catch (error) {
    if (error instanceof ShopError) return order
    throw error
  }
}

const check = (before: Order, after: Order): void => {
  if (after.state.status !== before.state.status) expect(transitions[before.state.status]).toContain(after.state.status)
  expect(after.events.map(({ seq }) => seq)).toEqual(after.events.map((_, index) => index + 1))
  expect(after.events.slice(0, before.events.length)).toEqual(before.events)
  if (before.undo) expect(after.undo).not.toBeNull()
  if (isSold(after)) expect(after.steps.slice(0, 5).every(({ status }) => status === 'DONE')).toBe(true)
}

/** Drives with answers that are all good until nothing is left to do. */
const settle = (order: Order, now: number): Order => {
  let current = order
  for (let turn = 0; turn < 20; turn++) {
    const decision = decide(current, now)
    if (decision.kind === 'done' || decision.kind === 'wait') return current
    current = apply(current, decision, { kind: 'done' }, now)
  }
  throw new Error(`does not settle: ${JSON.stringify(decide(current, now))}`)
}

describe('the checkout under random outcomes, late answers, takeovers and cancellations', () => {
  it('moves only along the declared graph, numbers events without a gap, and always comes to an end (I15, I23, I11)', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 50 }), (moves) => {
        let order = anOrder()
        let now = placedAt
        let stale = decide(order, now)
        for (const each of moves) {
          const before = order
          const decision = decide(order, now)
          if (each.kind === 'later') now += minutes(each.minutes)
          if (each.kind === 'resume') order = resume(order, now)
          if (each.kind === 'cancel') order = canceled(order, now)
          if (each.kind === 'refund') order = refunded(order, each.id, each.minor, now)
          if (each.kind === 'outcome') order = apply(order, each.isStale ? stale : decision, each.outcome, now)
          stale = decision
          check(before, order)
        }
        const ended = settle(resume(order, now), now)
        expect(decide(ended, now)).toEqual({ kind: 'done' })
        expect(dueAt(ended, seconds(10))).toBeNull()
        expect(ended.state.status).not.toBe('AWAITING_PAYMENT')
        const isGone = !isSold(ended)
        expect(ended.liveCartId).toBe(isGone ? null : 'cart_1')
        if (isGone) expect(ended.steps.some(({ status }) => status === 'RUNNING')).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes back every step that was begun, before the order ends without success (I5, I10)', () => {
    const isNothing = (name: string, status: string) => name === 'CLAIM_STOCK' && status === 'REFUSED'
    const undoOf = { AUTHORIZE_PAYMENT: 'CANCEL_PAYMENT', HOLD_STOCK: 'RELEASE_STOCK', CLAIM_STOCK: 'RESTOCK_STOCK' }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...outcomes), { maxLength: 12 }), (answers) => {
        const driven = answers.reduce(
          (order, answer) => apply(order, decide(order, placedAt), answer, placedAt),
          anOrder(),
        )
        const ended = settle(canceled(driven, placedAt), placedAt)
        const taken = ended.undo?.steps.filter(({ isDone }) => isDone).map(({ name }) => name)
        for (const [step, undo] of Object.entries(undoOf))
          if (ended.steps.some(({ name, attempt, status }) => name === step && attempt > 0 && !isNothing(name, status)))
            expect(taken).toContain(undo)
      }),
      { numRuns: 500 },
    )
  })
})
