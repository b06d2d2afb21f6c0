import type { Snapshot } from '../dumpState/snapshot.ts'
import { type Invariant, ofEach, repeated } from './invariant.ts'

/** A published fact of an order reaches the audit log, a consumer in another subgraph with a table of its own. */
const undelivered = ({ orders, audit }: Snapshot): string[] => {
  const told = new Set(audit.filter(({ action }) => action === 'ORDER_PLACED').map(({ target }) => target))
  return ofEach(orders, ({ id }) => !told.has(id) && `${id}: the audit log was not told that it was placed`)
}

/**
 * A consumer that was told of a kind of event was told of all of that kind: what is known of it from one order must be so for each. Orders
 * from before deliveries were written down have none.
 */
const untold = ({ events, delivered }: Snapshot): string[] => {
  const typeOf = new Map(events.map(({ order, seq, type }) => [`${order} ${seq}`, type]))
  const recorded = new Set(delivered.map(({ order }) => order))
  return [...Map.groupBy(delivered, ({ consumer }) => consumer)].flatMap(([consumer, own]) => {
    const heard = new Set(own.map(({ order, seq }) => `${order} ${seq}`))
    const types = new Set([...heard].map((place) => typeOf.get(place)))
    return ofEach(
      events.filter(({ order, type }) => recorded.has(order) && types.has(type)),
      ({ order, seq, type }) => !heard.has(`${order} ${seq}`) && `${consumer}: not told of ${type} of ${order}`,
    )
  })
}

const disordered = ({ delivered }: Snapshot): string[] =>
  [...Map.groupBy(delivered, ({ consumer, order }) => `${consumer} ${order}`)].flatMap(([who, own]) =>
    own.some(({ seq }, index) => index > 0 && seq <= (own[index - 1]?.seq ?? 0)) ? [`${who}: out of order`] : [],
  )

const doubleEffects = ({ effects }: Snapshot): string[] => [
  ...repeated(effects.map(({ kind, order, type }) => `${kind} ${type} ${order}`)).map((effect) => `${effect}: twice`),
  ...repeated(effects.map(({ key }) => key)).map((key) => `${key}: one key, several effects`),
]

const atRest = ({ outbox, queue }: Snapshot): string[] =>
  Object.entries({ ...outbox, ...queue }).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`]))

const auditedTwice = ({ audit }: Snapshot): string[] => [
  ...repeated(audit.map(({ id }) => id)).map((id) => `${id}: two entries for one act`),
  ...repeated(audit.flatMap(({ action, target }) => (action === 'ORDER_PLACED' && target ? [target] : []))).map(
    (order) => `${order}: placed twice, says the audit log`,
  ),
]

export const factInvariants: readonly Invariant[] = [
  {
    id: 'I16',
    says: 'every published fact reached its consumers',
    offences: (snapshot) => [...undelivered(snapshot), ...untold(snapshot)],
  },
  { id: 'I17', says: 'facts of an order come in order', offences: disordered },
  { id: 'I18', says: 'each effect once for an order and type', offences: doubleEffects },
  { id: 'I19', says: 'outboxes and queues are empty', offences: atRest },
  { id: 'I22', says: 'the audit log has each act once', offences: auditedTwice },
]
