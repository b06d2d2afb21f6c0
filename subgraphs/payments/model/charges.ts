import { type Model, Schema } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import { aggregateSchema, insertOnce, makeStore, type StoreDeps } from '#platform/store.ts'
import type { Charge } from '../domain/charge.ts'

const schema = () => {
  const charges = aggregateSchema({
    amount: Schema.Types.Mixed,
    state: String,
    refunded: Schema.Types.Mixed,
    answers: [Schema.Types.Mixed],
    movements: [Schema.Types.Mixed],
  })
  // Two calls with one key at the same moment are one charge: the second insert is refused.
  charges.index({ 'answers.key': 1 }, { unique: true })
  return charges
}

/** The sandbox provider's own books: no part of the shop but the sandbox reads them. */
export const makeChargeModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<Charge>('SandboxCharge', schema(), 'sandbox_charges') as unknown as Model<Charge>
  const store = makeStore(model, 'charge', deps)
  return {
    model,
    get: store.get,
    byKey: (key: string): Promise<Charge | null> =>
      model.findOne({ 'answers.key': key }, { outbox: 0 }).lean<Charge>().exec(),
    /** False when there is a charge of this key already. */
    insert: (charge: Charge): Promise<boolean> => insertOnce(() => store.insert(charge)),
    update: (reference: string, change: (charge: Charge) => Charge): Promise<Charge> =>
      store.update(reference, (charge) => ({ state: change(charge) })),
  }
}

export type ChargeModel = ReturnType<typeof makeChargeModel>
