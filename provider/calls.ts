import { randomUUID } from 'node:crypto'
import type { Books } from './books.ts'
import {
  type Answer,
  authenticate,
  authorize,
  type Charge,
  capture,
  confirm,
  type Result,
  refund,
  release,
} from './charge.ts'
import { ok, problem, type Reply } from './http.ts'

/** A call that moves money, as the merchant sent it. */
export interface Call {
  /** `authorize`, or what is done with the charge `charge`. */
  readonly verb: string
  readonly charge: string | null
  readonly key: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface CallsDeps {
  readonly books: Books
  readonly now: () => number
  /** A notice was booked. */
  readonly wake: () => void
}

/** Notices leave a moment after the answer, so that in fine weather the merchant has heard before it is told. */
const noticeDelayMs = 100

const isAmount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= 1_000

const noticeTypes: Readonly<Record<string, string>> = {
  authorize: 'charge.authorized',
  confirm: 'charge.authorized',
  capture: 'charge.captured',
  void: 'charge.voided',
  refund: 'charge.refunded',
}

const typeOf = (verb: string, { status }: Answer): string =>
  status === 'succeeded'
    ? (noticeTypes[verb] ?? '')
    : status === 'refused'
      ? 'charge.refused'
      : 'charge.action_required'

/** The operations of the API. Each call runs without a pause, so two of one key cannot overlap. */
export const makeCalls = ({ books, now, wake }: CallsDeps) => {
  const notice = (type: string, charge: Charge, call: { key: string | null; amount: number }) => {
    const id = `evt_${randomUUID()}`
    const { id: chargeId, reference, payment, currency } = charge
    const data = { charge: chargeId, reference, payment, currency, ...call }
    return { id, body: JSON.stringify({ id, type, created: now(), data }), dueAt: now() + noticeDelayMs }
  }

  const decide = ({ verb, body }: Call, known: Charge | null): Result | Reply => {
    const { amount, currency, token, reference, payment } = body
    if (!isAmount(amount) || !isText(currency)) return problem(400, 'invalid_amount')
    if (verb === 'authorize') {
      if (!isText(token) || !isText(reference) || !isText(payment)) return problem(400, 'invalid_request')
      return authorize({ id: `ch_${randomUUID()}`, reference, payment, currency, amount }, token)
    }
    if (!known) return problem(404, 'no_such_charge')
    if (known.currency !== currency) return problem(400, 'other_currency')
    if (verb === 'confirm') return confirm(known)
    if (verb === 'capture') return capture(known, amount)
    if (verb === 'void') return release(known)
    return verb === 'refund' ? refund(known, amount) : problem(404, 'no_such_call')
  }

  return {
    /** The stored answer of a key that was heard before, else the call is made and its answer stored. */
    perform: (call: Call): Reply => {
      const { verb, charge, key, body } = call
      const demand = JSON.stringify([verb, charge, body.amount, body.currency, body.payment ?? null])
      const stored = books.answer(key)
      if (stored) return stored.demand === demand ? ok(stored.answer) : problem(409, 'key_reused')
      const result = decide(call, charge === null ? null : books.charge(charge))
      if ('status' in result) return result
      const told = notice(typeOf(verb, result.answer), result.charge, { key, amount: Number(body.amount) })
      books.book({ key, demand, result, notice: told, at: now() })
      wake()
      return ok(result.answer)
    },

    /** The buyer acts on the provider's page. */
    authenticate: (id: string): Reply => {
      const charge = books.charge(id)
      if (!charge) return problem(404, 'no_such_charge')
      const done = authenticate(charge)
      if (!done.authenticated) return problem(409, 'not_waiting')
      const told = notice('charge.authenticated', done, { key: null, amount: done.amount })
      books.change(done, told)
      wake()
      return ok({ charge: id })
    },
  }
}

export type Calls = ReturnType<typeof makeCalls>
