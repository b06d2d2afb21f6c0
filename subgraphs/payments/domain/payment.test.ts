import { describe, expect, it } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { money, zero } from '#kernel/money.ts'
import { isEnded, requestCancel } from './canceling.ts'
import { type Outcome, recordOutcome } from './outcome.ts'
import {
  balances,
  barredPayment,
  openPayment,
  type Payment,
  pendingOperations,
  type Stamp,
  takeOver,
} from './payment.ts'
import { requestCapture, requestConfirm, requestPartCapture, requestRefund, requestRelease } from './requests.ts'

const eur = (minor: number) => money(minor, 'EUR')

let serial = 0
const stamp = (): Stamp => ({ id: `txn_${++serial}`, now: 1_000 + serial, leaseUntil: 2_000 + serial })

const opened = () =>
  openPayment(
    { _id: 'pay_1', orderId: 'ord_1', ownerId: 'usr_1', amount: eur(1_000), provider: 'sandbox', token: 'tok_ok' },
    stamp(),
  )

const succeeded: Outcome = { kind: 'succeeded', reference: 'ch_1' }
const refused: Outcome = { kind: 'refused', code: 'card_declined', reference: null }
const action: Outcome = {
  kind: 'requiresAction',
  reference: 'ch_1',
  action: { kind: 'REDIRECT', url: 'https://example.test/3ds' },
}

/** Answers every open call of the payment. */
const answered = (payment: Payment, outcome: Outcome = succeeded): Payment =>
  pendingOperations(payment).reduce(
    (current, operation) => recordOutcome(current, { ...operation, outcome }, stamp()).payment,
    payment,
  )

const heard = (payment: Payment, outcome: Outcome, attempt: number | null = 1) =>
  recordOutcome(payment, { key: 'pay_1:authorize', attempt, outcome }, stamp())

const authorized = () => answered(opened())
const captured = () => answered(requestCapture(authorized(), stamp()))

const problemOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof ShopError) return error.problems[0]
  }
  throw new Error('was not refused')
}

describe('authorising', () => {
  it('given a new payment, then the intent is written with a key of the payment, not of the attempt (R2)', () => {
    expect(pendingOperations(opened())).toMatchObject([{ kind: 'authorize', key: 'pay_1:authorize', state: 'pending' }])
    expect(opened().state.kind).toBe('PENDING')
  })

  it('given a success, then the money is reserved and one entry stands in the ledger', () => {
    const payment = authorized()
    expect(payment).toMatchObject({ state: { kind: 'AUTHORIZED' }, reference: 'ch_1' })
    expect(balances(payment)).toEqual({ authorized: eur(1_000), captured: zero('EUR'), refunded: zero('EUR') })
  })

  it('given the same answer twice, then the second counts nothing (I8)', () => {
    const first = recordOutcome(opened(), { key: 'pay_1:authorize', attempt: 1, outcome: succeeded }, stamp())
    const second = recordOutcome(first.payment, { key: 'pay_1:authorize', attempt: 1, outcome: succeeded }, stamp())
    expect(second).toEqual({ payment: first.payment, facts: [] })
  })

  it('given an unknown outcome, then the call stays open, for whoever comes next (R3)', () => {
    const { payment, facts } = heard(opened(), { kind: 'unknown' })
    expect(payment).toMatchObject({ state: { kind: 'PENDING' }, token: 'tok_ok' })
    expect(pendingOperations(payment)).toMatchObject([{ holder: null, unsure: true }])
    expect(facts).toEqual([])
  })

  it('given the authorisation is settled, whatever came of it, then the token is gone', () => {
    for (const outcome of [succeeded, refused, action]) expect(answered(opened(), outcome).token).toBe('')
  })

  it('given a refusal, then the payment is declined with the code', () => {
    const { payment, facts } = recordOutcome(
      opened(),
      { key: 'pay_1:authorize', attempt: 1, outcome: refused },
      stamp(),
    )
    expect(payment.state).toEqual({ kind: 'DECLINED', code: 'card_declined' })
    expect(facts).toEqual([{ type: 'PaymentDeclined', amount: eur(1_000) }])
    expect(payment.transactions).toEqual([])
  })

  it('given the buyer has to act, when the buyer did and confirms, then it is authorised once', () => {
    const waiting = answered(opened(), action)
    expect(waiting.state).toMatchObject({ kind: 'REQUIRES_ACTION', action: { url: 'https://example.test/3ds' } })
    const done = answered(requestConfirm(waiting, stamp()))
    expect(done.state.kind).toBe('AUTHORIZED')
    expect(requestConfirm(done, stamp())).toBe(done)
    expect(done.transactions).toHaveLength(1)
  })

  it('given the buyer did not act yet, when confirmed, then it waits on and can be confirmed again', () => {
    const waiting = answered(opened(), action)
    const still = answered(requestConfirm(waiting, stamp()), action)
    expect(still.state.kind).toBe('REQUIRES_ACTION')
    expect(answered(requestConfirm(still, stamp())).state.kind).toBe('AUTHORIZED')
  })
})

describe('who makes a call (R8)', () => {
  const late = (): Stamp => ({ ...stamp(), now: 9_000, leaseUntil: 9_999 })

  it('given somebody makes it, then nobody else may before the time is up', () => {
    const held = opened()
    expect(takeOver(held, 'pay_1:authorize', stamp())).toBe(held)
  })

  it('given the holder was not heard of in time, then the next takes over, and the outcome counts as unknown', () => {
    const taken = takeOver(opened(), 'pay_1:authorize', late())
    expect(pendingOperations(taken)).toMatchObject([{ attempt: 2, unsure: true }])
  })

  it('given a holder that lost its place, then what it did not hear changes nothing, and what it heard for good counts', () => {
    const taken = takeOver(opened(), 'pay_1:authorize', late())
    expect(heard(taken, { kind: 'unavailable' }).payment).toBe(taken)
    expect(heard(taken, { kind: 'unknown' }).payment).toBe(taken)
    expect(heard(taken, succeeded).payment.state.kind).toBe('AUTHORIZED')
  })

  it('given a call that certainly never left, when the payment is canceled, then it is forgotten; one that may have left is not', () => {
    const unsent = heard(opened(), { kind: 'unavailable' }).payment
    expect(requestCancel(unsent, stamp())).toMatchObject({ state: { kind: 'VOIDED' }, token: '' })
    expect(isEnded(requestCancel(unsent, stamp()))).toBe(true)
    const unsure = heard(opened(), { kind: 'unknown' }).payment
    expect(pendingOperations(requestCancel(unsure, stamp()))).toMatchObject([{ kind: 'authorize' }])
  })

  it('given the buyer still has to act, when a holder that lost its place hears so, then it does not count', () => {
    const confirming = requestConfirm(answered(opened(), action), stamp())
    const taken = takeOver(confirming, 'pay_1:confirm', late())
    const told = recordOutcome(taken, { key: 'pay_1:confirm', attempt: 1, outcome: action }, stamp())
    expect(told.payment).toBe(taken)
  })
})

describe('capturing parts', () => {
  const part = (payment: Payment, minor: number, key: string) =>
    requestPartCapture(payment, { key, amount: eur(minor) }, stamp())

  it('takes parts, then the rest', () => {
    const some = answered(part(authorized(), 300, 'a'))
    expect(some.state.kind).toBe('PARTIALLY_CAPTURED')
    const all = answered(requestCapture(some, stamp()))
    expect(all.state.kind).toBe('CAPTURED')
    expect(balances(all)).toEqual({ authorized: zero('EUR'), captured: eur(1_000), refunded: zero('EUR') })
  })

  it('takes a part and sets the rest free', () => {
    const some = answered(requestRelease(answered(part(authorized(), 300, 'a')), stamp()))
    expect(some.state.kind).toBe('CAPTURED')
    expect(balances(some)).toEqual({ authorized: zero('EUR'), captured: eur(300), refunded: zero('EUR') })
    expect(some.transactions.at(-1)).toMatchObject({ kind: 'VOID', amount: eur(700) })
  })

  it('given a part is taken, when the payment is canceled, then the rest is set free and the part goes back (I10)', () => {
    const payment = answered(answered(requestCancel(answered(part(authorized(), 300, 'a')), stamp())))
    expect(payment.state.kind).toBe('REFUNDED')
    expect(balances(payment)).toEqual({ authorized: zero('EUR'), captured: eur(300), refunded: eur(300) })
  })

  it('given the same key, then nothing begins; with another amount it is refused', () => {
    const some = answered(part(authorized(), 300, 'a'))
    expect(part(some, 300, 'a')).toBe(some)
    expect(problemOf(() => part(some, 301, 'a')).code).toBe('IDEMPOTENCY_KEY_REUSED')
  })

  it.each([
    ['zero', eur(0), 'BAD_USER_INPUT'],
    ['a negative amount', eur(-5), 'BAD_USER_INPUT'],
    ['more than is reserved', eur(1_001), 'BAD_USER_INPUT'],
    ['another currency', money(5, 'USD'), 'CURRENCY_MISMATCH'],
  ] as const)('refuses %s', (_, amount, code) => {
    expect(problemOf(() => requestPartCapture(authorized(), { key: 'a', amount }, stamp())).code).toBe(code)
  })
})

describe('capturing', () => {
  it('takes the whole amount once', () => {
    const payment = captured()
    expect(balances(payment)).toEqual({ authorized: zero('EUR'), captured: eur(1_000), refunded: zero('EUR') })
    expect(requestCapture(payment, stamp())).toBe(payment)
  })

  it('given the capture is under way, when asked again, then no second call begins', () => {
    const under = requestCapture(authorized(), stamp())
    expect(requestCapture(under, stamp())).toBe(under)
  })

  it('given the provider refused the capture, then the reservation stands and the refusal is kept', () => {
    const payment = answered(requestCapture(authorized(), stamp()), refused)
    expect(payment.state.kind).toBe('AUTHORIZED')
    expect(requestCapture(payment, stamp())).toBe(payment)
    expect(payment.operations.at(-1)).toMatchObject({ state: 'refused', refusal: 'card_declined' })
  })

  it.each([
    ['declined', () => answered(opened(), refused), 'ILLEGAL_STATE'],
    ['waiting for the buyer', () => answered(opened(), action), 'ILLEGAL_STATE'],
    ['voided', () => answered(requestCancel(authorized(), stamp())), 'ILLEGAL_STATE'],
    ['of unknown outcome', opened, 'IN_PROGRESS'],
  ] as const)('given a payment that is %s, then it is refused', (_, given, code) => {
    expect(problemOf(() => requestCapture(given(), stamp())).code).toBe(code)
  })
})

describe('refunding', () => {
  const refund = (payment: Payment, minor: number, key: string) =>
    requestRefund(payment, { key, amount: eur(minor) }, stamp())

  it('gives parts back until nothing is left', () => {
    const part = answered(refund(captured(), 400, 'a'))
    expect(part.state.kind).toBe('CAPTURED')
    const all = answered(refund(part, 600, 'b'))
    expect(all.state.kind).toBe('REFUNDED')
    expect(balances(all).refunded).toEqual(eur(1_000))
  })

  it('given the same key and amount, then nothing begins (C11)', () => {
    const once = answered(refund(captured(), 400, 'a'))
    expect(refund(once, 400, 'a')).toBe(once)
  })

  it('given the same key and another amount, then it is refused', () => {
    const once = answered(refund(captured(), 400, 'a'))
    expect(problemOf(() => refund(once, 401, 'a'))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      field: ['input', 'idempotencyKey'],
    })
  })

  it('given open refunds, then they count as given back already', () => {
    const open = refund(captured(), 600, 'a')
    expect(problemOf(() => refund(open, 500, 'b'))).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: ['input', 'amount'],
    })
    expect(pendingOperations(refund(open, 400, 'b'))).toHaveLength(2)
  })

  it('given a key that spells the name of the shop\u2019s own refund, then it is still another operation', () => {
    const open = refund(captured(), 100, 'cancel')
    const canceled = answered(requestCancel(answered(open), stamp()))
    expect(balances(canceled).refunded).toEqual(eur(1_000))
  })

  it.each([
    ['zero', eur(0), 'BAD_USER_INPUT'],
    ['a negative amount', eur(-1), 'BAD_USER_INPUT'],
    ['more than captured', eur(1_001), 'BAD_USER_INPUT'],
    ['another currency', money(100, 'USD'), 'CURRENCY_MISMATCH'],
  ] as const)('refuses %s, naming the field', (_, amount, code) => {
    const problem = problemOf(() => requestRefund(captured(), { key: 'a', amount }, stamp()))
    expect(problem.code).toBe(code)
    expect(problem.field?.slice(0, 2)).toEqual(['input', 'amount'])
  })

  it('given nothing is captured, then it is refused', () => {
    expect(problemOf(() => refund(authorized(), 1, 'a')).code).toBe('ILLEGAL_STATE')
  })
})

describe('canceling (I10)', () => {
  it('given a reservation, then it is voided', () => {
    const payment = answered(requestCancel(authorized(), stamp()))
    expect(payment.state.kind).toBe('VOIDED')
    expect(balances(payment).authorized).toEqual(zero('EUR'))
    expect(isEnded(payment)).toBe(true)
  })

  it('given captured money with a part refunded, then the rest goes back', () => {
    const part = answered(requestRefund(captured(), { key: 'a', amount: eur(300) }, stamp()))
    const payment = answered(requestCancel(part, stamp()))
    expect(payment.state.kind).toBe('REFUNDED')
    expect(payment.transactions.at(-1)).toMatchObject({ kind: 'REFUND', amount: eur(700) })
  })

  it('given an unknown authorisation, then it waits for the outcome and voids what was reserved', () => {
    const marked = requestCancel(opened(), stamp())
    expect(pendingOperations(marked)).toMatchObject([{ kind: 'authorize' }])
    const known = recordOutcome(marked, { key: 'pay_1:authorize', attempt: 1, outcome: succeeded }, stamp()).payment
    expect(pendingOperations(known)).toMatchObject([{ kind: 'void', key: 'pay_1:void' }])
    expect(answered(known).state.kind).toBe('VOIDED')
  })

  it('given an unknown capture, then it waits for the outcome and refunds what was taken', () => {
    const marked = requestCancel(requestCapture(authorized(), stamp()), stamp())
    expect(answered(answered(marked)).state.kind).toBe('REFUNDED')
  })

  it('given a payment that waits for its buyer, then it ends without a movement of money', () => {
    const payment = answered(requestCancel(answered(opened(), action), stamp()))
    expect(payment).toMatchObject({ state: { kind: 'VOIDED' }, transactions: [] })
  })

  it('given it has ended, then nothing begins', () => {
    const declined = requestCancel(answered(opened(), refused), stamp())
    expect(isEnded(declined)).toBe(true)
    expect(pendingOperations(declined)).toEqual([])
    const voided = answered(requestCancel(authorized(), stamp()))
    expect(requestCancel(voided, stamp())).toBe(voided)
  })

  it('given it is being canceled, then it is not captured any more', () => {
    const canceling = requestCancel(requestConfirm(answered(opened(), action), stamp()), stamp())
    expect(problemOf(() => requestCapture(canceling, stamp())).code).toBe('ILLEGAL_STATE')
  })

  it('given the order never had a payment, then a barred one takes its place', () => {
    const barred = barredPayment('pay_2', 'ord_2', 5)
    expect(barred).toMatchObject({ orderId: 'ord_2', state: { kind: 'VOIDED' }, canceling: true })
    expect(isEnded(barred)).toBe(true)
    expect(problemOf(() => requestCapture(barred, stamp())).code).toBe('ILLEGAL_STATE')
  })
})
