import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { money } from '#kernel/money.ts'
import { isEnded, requestCancel } from './canceling.ts'
import { type Outcome, recordOutcome } from './outcome.ts'
import {
  balances,
  type Operation,
  openPayment,
  type Payment,
  pendingOperations,
  type Stamp,
  takeOver,
} from './payment.ts'
import { requestCapture, requestConfirm, requestPartCapture, requestRefund, requestRelease } from './requests.ts'

/** How a call goes: the answer arrives, is lost after the provider booked, or is lost before. */
type Fate = 'answered' | 'lostAfter' | 'lostBefore' | 'unavailable' | 'refused' | 'action'

type Step =
  | { readonly act: 'capture' | 'confirm' | 'cancel' | 'release' }
  | { readonly act: 'claim' | 'webhook'; readonly nth: number }
  | { readonly act: 'refund' | 'part'; readonly minor: number; readonly key: number }
  | { readonly act: 'call'; readonly fate: Fate; readonly nth: number }

const fates: Fate[] = [
  'answered',
  'answered',
  'answered',
  'lostAfter',
  'lostBefore',
  'unavailable',
  'refused',
  'action',
]
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('capture' as const, 'confirm' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('cancel' as const, 'release' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom('claim' as const, 'webhook' as const),
      nth: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('refund' as const, 'part' as const),
      minor: fc.integer({ min: -5, max: 120 }),
      key: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('call' as const),
      fate: fc.constantFrom(...fates),
      nth: fc.integer({ min: 0, max: 3 }),
    }),
  },
)

/** The simplest provider with idempotency keys: the first answer to a key is the only one. */
const makeModelProvider = () => {
  const answers = new Map<string, Outcome>()
  const book = { authorized: 0, captured: 0, refunded: 0, authorizations: 0 }
  /** False when the books do not allow it. */
  const move = ({ kind, amount }: Operation): boolean => {
    if (kind === 'authorize' || kind === 'confirm') {
      book.authorized += amount.minor
      book.authorizations += 1
    }
    if (kind === 'capture' && amount.minor > book.authorized) return false
    if (kind === 'refund' && book.refunded + amount.minor > book.captured) return false
    if (kind === 'capture') book.captured += amount.minor
    if (kind === 'capture') book.authorized -= amount.minor
    if (kind === 'void') book.authorized = 0
    if (kind === 'refund') book.refunded += amount.minor
    return true
  }
  const decide = (operation: Operation, fate: Fate): Outcome => {
    if (fate === 'refused' && operation.kind !== 'void' && operation.kind !== 'refund')
      return { kind: 'refused', code: 'card_declined', reference: null }
    if (fate === 'action' && operation.kind === 'authorize')
      return { kind: 'requiresAction', reference: 'ch', action: { kind: 'REDIRECT', url: 'https://example.test' } }
    return move(operation)
      ? { kind: 'succeeded', reference: 'ch' }
      : { kind: 'refused', code: 'not_allowed', reference: null }
  }
  const call = (operation: Operation, fate: Fate): Outcome => {
    if (fate === 'lostBefore') return { kind: 'unknown' }
    if (fate === 'unavailable') return { kind: 'unavailable' }
    const answer = answers.get(operation.key) ?? decide(operation, fate)
    answers.set(operation.key, answer)
    return fate === 'lostAfter' ? { kind: 'unknown' } : answer
  }
  return { book, call, lookup: (key: string): Outcome => answers.get(key) ?? { kind: 'unknown' } }
}

const makeWorld = () => {
  const provider = makeModelProvider()
  let serial = 0
  const stamp = (): Stamp => ({ id: `txn_${++serial}`, now: serial, leaseUntil: serial + 5 })
  let payment: Payment = openPayment(
    { _id: 'pay_1', orderId: 'ord_1', ownerId: 'usr_1', amount: money(100, 'EUR'), provider: 'model', token: 't' },
    stamp(),
  )
  const record = (operation: Operation, attempt: number | null, outcome: Outcome): void => {
    payment = recordOutcome(payment, { key: operation.key, attempt, outcome }, stamp()).payment
  }
  const call = (operation: Operation | undefined, fate: Fate): void => {
    if (operation) record(operation, operation.attempt, provider.call(operation, fate))
  }
  const part = (minor: number, key: number) => ({ key: String(key), amount: money(minor, 'EUR') })
  const take = (each: Step): void => {
    const open = 'nth' in each ? pendingOperations(payment)[each.nth] : undefined
    if (each.act === 'call') call(open, each.fate)
    if (each.act === 'claim' && open) payment = takeOver(payment, open.key, stamp())
    if (each.act === 'webhook' && open) record(open, null, provider.lookup(open.key))
    if (each.act === 'capture') payment = requestCapture(payment, stamp())
    if (each.act === 'release') payment = requestRelease(payment, stamp())
    if (each.act === 'confirm') payment = requestConfirm(payment, stamp())
    if (each.act === 'cancel') payment = requestCancel(payment, stamp())
    if (each.act === 'part') payment = requestPartCapture(payment, part(each.minor, each.key), stamp())
    if (each.act === 'refund') payment = requestRefund(payment, part(each.minor, each.key), stamp())
  }
  const settle = (): void => {
    for (let open = pendingOperations(payment)[0]; open; open = pendingOperations(payment)[0]) call(open, 'answered')
  }
  return { provider, take, settle, read: () => payment }
}

const tolerant = (act: () => void): void => {
  try {
    act()
  } catch (error) {
    if (!(error instanceof ShopError)) throw error
  }
}

const checkBounds = (payment: Payment): void => {
  const { authorized, captured, refunded } = balances(payment)
  expect(captured.minor + authorized.minor).toBeLessThanOrEqual(payment.amount.minor)
  expect(refunded.minor).toBeLessThanOrEqual(captured.minor)
  expect(authorized.minor).toBeGreaterThanOrEqual(0)
}

describe('the ledger under random orders of requests, answers and losses', () => {
  it('never captures above the amount or refunds above the captures, and ends with the books of the provider (I8, I9, I12)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const world = makeWorld()
        for (const each of steps) {
          tolerant(() => world.take(each))
          checkBounds(world.read())
        }
        world.settle()
        const { authorized, captured, refunded } = balances(world.read())
        const { book } = world.provider
        expect([authorized.minor, captured.minor, refunded.minor]).toEqual([
          book.authorized,
          book.captured,
          book.refunded,
        ])
        expect(book.authorizations).toBeLessThanOrEqual(1)
      }),
      { numRuns: 10_000 },
    )
  })

  it('keeps no money and no reservation once canceled, whatever was open (I10)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const world = makeWorld()
        for (const each of steps) tolerant(() => world.take(each))
        world.take({ act: 'cancel' })
        world.settle()
        const { book } = world.provider
        expect(book.authorized).toBe(0)
        expect(book.captured - book.refunded).toBe(0)
        expect(isEnded(world.read())).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})
