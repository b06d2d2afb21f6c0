import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { money } from '#kernel/money.ts'
import { type Outcome, recordOutcome } from './outcome.ts'
import { balances, type Operation, openPayment, type Payment, pendingOperations, type Stamp } from './payment.ts'
import { isEnded, requestCancel, requestCapture, requestConfirm, requestRefund } from './requests.ts'

/** How a call goes: the answer arrives, is lost after the provider booked, or is lost before. */
type Fate = 'answered' | 'lostAfter' | 'lostBefore' | 'refused' | 'action'

type Step =
  | { readonly act: 'capture' | 'confirm' | 'cancel' }
  | { readonly act: 'refund'; readonly minor: number; readonly key: number }
  | { readonly act: 'call'; readonly fate: Fate; readonly nth: number }

const fates: Fate[] = ['answered', 'answered', 'answered', 'lostAfter', 'lostBefore', 'refused', 'action']
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('capture' as const, 'confirm' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('cancel' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('refund' as const),
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
  const move = ({ kind, amount }: Operation): void => {
    if (kind === 'authorize' || kind === 'confirm') {
      book.authorized += amount.minor
      book.authorizations += 1
    }
    if (kind === 'capture') book.captured += amount.minor
    if (kind === 'capture' || kind === 'void') book.authorized = Math.max(0, book.authorized - amount.minor)
    if (kind === 'refund') book.refunded += amount.minor
  }
  const decide = (operation: Operation, fate: Fate): Outcome => {
    if (fate === 'refused' && operation.kind !== 'void' && operation.kind !== 'refund')
      return { kind: 'refused', code: 'card_declined', reference: null }
    if (fate === 'action' && operation.kind === 'authorize')
      return { kind: 'requiresAction', reference: 'ch', action: { kind: 'REDIRECT', url: 'https://example.test' } }
    move(operation)
    return { kind: 'succeeded', reference: 'ch' }
  }
  const call = (operation: Operation, fate: Fate): Outcome => {
    if (fate === 'lostBefore') return { kind: 'unknown' }
    const answer = answers.get(operation.key) ?? decide(operation, fate)
    answers.set(operation.key, answer)
    return fate === 'lostAfter' ? { kind: 'unknown' } : answer
  }
  return { book, call }
}

const makeWorld = () => {
  const provider = makeModelProvider()
  let serial = 0
  const stamp = (): Stamp => ({ id: `txn_${++serial}`, now: serial })
  let payment: Payment = openPayment(
    { _id: 'pay_1', orderId: 'ord_1', ownerId: 'usr_1', amount: money(100, 'EUR'), provider: 'model', token: 't' },
    stamp(),
  )
  const call = (operation: Operation | undefined, fate: Fate): void => {
    if (operation) payment = recordOutcome(payment, operation.key, provider.call(operation, fate), stamp()).payment
  }
  const take = (each: Step): void => {
    if (each.act === 'call') call(pendingOperations(payment)[each.nth], each.fate)
    if (each.act === 'capture') payment = requestCapture(payment, stamp())
    if (each.act === 'confirm') payment = requestConfirm(payment, stamp())
    if (each.act === 'cancel') payment = requestCancel(payment, stamp())
    if (each.act === 'refund')
      payment = requestRefund(payment, { key: String(each.key), amount: money(each.minor, 'EUR') }, stamp())
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
  expect(captured.minor).toBeLessThanOrEqual(payment.amount.minor)
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
      { numRuns: 500 },
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
      { numRuns: 500 },
    )
  })
})
