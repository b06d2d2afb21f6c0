import type { Snapshot } from '../dumpState/snapshot.ts'
import { byId, type Invariant, isLiving, ofEach, sumOf } from './invariant.ts'

type Movements = Snapshot['psp']['movements']

interface Books {
  readonly authorized: number
  readonly charged: number
  readonly voided: number
  readonly refunded: number
}

const booksOf = (movements: Movements): Books => {
  const total = (op: Movements[number]['op']): number =>
    sumOf(
      movements.filter((movement) => movement.op === op),
      ({ amount }) => amount,
    )
  return { authorized: total('authorize'), charged: total('charge'), voided: total('void'), refunded: total('refund') }
}

const nothing: Books = { authorized: 0, charged: 0, voided: 0, refunded: 0 }

/** What the provider has booked for each order. */
const byReference = ({ psp }: Snapshot): ReadonlyMap<string, Books> =>
  new Map([...Map.groupBy(psp.movements, ({ reference }) => reference)].map(([id, own]) => [id, booksOf(own)]))

const doubleCharges = (snapshot: Snapshot): string[] => {
  const orderOf = byId(snapshot.orders)
  const foreign = ofEach(snapshot.psp.movements, ({ reference, currency, op }) => {
    const order = orderOf.get(reference)
    return (
      order !== undefined && order.currency !== currency && `${reference}: ${op} in ${currency}, not ${order.currency}`
    )
  })
  const much = ofEach([...byReference(snapshot)], ([id, { charged, refunded, authorized, voided }]) => {
    const total = orderOf.get(id)?.total
    if (total === undefined) return false
    if (charged - refunded > total) return `${id}: ${charged - refunded} kept for an order over ${total}`
    return authorized - voided > total && `${id}: ${authorized - voided} reserved or taken for an order over ${total}`
  })
  return [...foreign, ...much]
}

const unpaid = (snapshot: Snapshot): string[] => {
  const books = byReference(snapshot)
  const returned = new Map(snapshot.payments.map(({ order, refunded }) => [order, refunded]))
  return ofEach(snapshot.orders, ({ id, state, total }) => {
    if (state !== 'paid' && state !== 'fulfilled') return false
    const { charged, refunded } = books.get(id) ?? nothing
    const due = total - (returned.get(id) ?? 0)
    return charged - refunded !== due && `${id}: paid, ${charged - refunded} kept, ${due} due`
  })
}

const keptForTheDead = (snapshot: Snapshot): string[] => {
  const orderOf = byId(snapshot.orders)
  return ofEach([...byReference(snapshot)], ([id, { authorized, charged, voided, refunded }]) => {
    const order = orderOf.get(id)
    if (order && isLiving(order)) return false
    const [kept, open] = [charged - refunded, authorized - charged - voided]
    return (kept !== 0 || open !== 0) && `${id} (${order?.state ?? 'missing'}): ${kept} kept, ${open} still reserved`
  })
}

const otherBooks = ({ payments, psp }: Snapshot): string[] => {
  const theirs = Map.groupBy(psp.movements, ({ payment }) => payment)
  const known = new Set(payments.map(({ id }) => id))
  return [
    ...ofEach(payments, ({ id, captured, refunded }) => {
      const books = booksOf(theirs.get(id) ?? [])
      const isSame = books.charged === captured && books.refunded === refunded
      return (
        !isSame &&
        `${id}: ${captured} taken and ${refunded} given back here, ${books.charged} and ${books.refunded} there`
      )
    }),
    ...[...theirs.keys()].filter((id) => !known.has(id)).map((id) => `${id}: the provider has it, we do not`),
  ]
}

export const moneyInvariants: readonly Invariant[] = [
  { id: 'I8', says: 'at most one net charge for an order, in its currency', offences: doubleCharges },
  { id: 'I9', says: 'the provider holds exactly the total of a paid order', offences: unpaid },
  { id: 'I10', says: 'nothing is kept or reserved for a dead or missing order', offences: keptForTheDead },
  { id: 'I12', says: 'our books = the books of the provider', offences: otherBooks },
]
