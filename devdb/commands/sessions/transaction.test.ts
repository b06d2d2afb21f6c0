import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode } from '../../bson/decode.ts'
import { encode } from '../../bson/encode.ts'
import { MongoError } from '../../errors.ts'
import { parseIndex } from '../../index/definition.ts'
import { makeCatalog } from '../../storage/catalog.ts'
import { isDocumentChange } from '../../storage/change.ts'
import { Conflict } from '../../storage/history.ts'
import { makeEphemeralStore } from '../../storage/store.ts'
import { makeTransactionManager, type Transaction } from './transaction.ts'

type Step = { readonly who: number; readonly act: number; readonly id: number; readonly key: number }

const step: fc.Arbitrary<Step> = fc.record({ who: fc.nat(3), act: fc.nat(9), id: fc.nat(5), key: fc.nat(4) })

const makeBank = () => {
  const catalog = makeCatalog(makeEphemeralStore())
  const { history } = catalog
  const accounts = catalog.create('bank', 'accounts')
  accounts.createIndex(parseIndex({ key: { key: 1 }, name: 'key', unique: true }))
  const committed = new Map<number, Buffer>()
  history.onCommit((changes) => {
    for (const change of changes.filter(isDocumentChange)) {
      if (change.after === undefined) committed.delete(change.record.id)
      else committed.set(change.record.id, change.after)
    }
  })
  const documents = () => [...accounts.records.values()].map(({ id, bytes }): [number, Buffer] => [id, bytes])
  return { catalog, history, accounts, committed, documents, manager: makeTransactionManager(history, () => 60_000) }
}

type Bank = ReturnType<typeof makeBank>

const change = ({ accounts }: Bank, { act, id, key }: Step): void => {
  const record = [...accounts.records.values()].find(({ bytes }) => decode(bytes)._id === id)
  const doc = { _id: id, key: key + (act % 3) * 10 }
  if (record === undefined) accounts.insert(encode(doc), doc)
  else if (act < 3) accounts.remove(record)
  else accounts.replace(record, decode(record.bytes), doc, encode(doc))
}

const expected = (error: unknown): boolean =>
  error instanceof Conflict || (error instanceof MongoError && (error.code === 11000 || error.code === 112))

const quietly = (work: () => void): boolean => {
  try {
    work()
    return true
  } catch (error) {
    if (!expected(error)) throw error
    return false
  }
}

test('given transactions and plain writes in any order, then everybody sees what was committed and nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bank = makeBank()
      const { manager, history } = bank
      const open = new Map<number, { transaction: Transaction; seen: [number, Buffer][] }>()
      for (const one of steps) {
        if (one.who === 0) {
          quietly(() => history.run(() => change(bank, one)))
        } else {
          const mine = open.get(one.who) ?? {
            transaction: manager.start({
              session: String(one.who),
              number: 1n,
              snapshot: undefined,
              onEnd: () => undefined,
            }),
            seen: bank.documents(),
          }
          open.set(one.who, mine)
          const { transaction } = mine
          expect(manager.runIn(transaction, bank.documents)).toEqual(mine.seen)
          const done = one.act < 8 && quietly(() => manager.runIn(transaction, () => change(bank, one)))
          if (done) mine.seen = manager.runIn(transaction, bank.documents)
          else open.delete(one.who)
          if (one.act === 8) manager.commit(transaction, () => undefined)
          else if (!done) manager.abort(transaction)
        }
        expect(bank.documents()).toEqual([...bank.committed].sort(([a], [b]) => a - b))
      }
      for (const { transaction } of open.values()) manager.commit(transaction, () => undefined)
      expect(bank.documents()).toEqual([...bank.committed].sort(([a], [b]) => a - b))
      expect(history.run(() => bank.accounts.indexes.map(({ entries }) => entries.entries().length))).toEqual([
        bank.committed.size,
        bank.committed.size,
      ])
    }),
    { numRuns: 300 },
  )
})

test('given a transaction that holds a document, when it ends, then those who wait are told', async () => {
  const bank = makeBank()
  const { manager, history } = bank
  const insert: Step = { who: 0, act: 5, id: 1, key: 1 }
  change(bank, insert)
  const holder = manager.start({ session: 'a', number: 1n, snapshot: undefined, onEnd: () => undefined })
  manager.runIn(holder, () => change(bank, { ...insert, key: 2 }))
  let released: Promise<void> | undefined
  try {
    history.run(() => change(bank, { ...insert, key: 3 }))
  } catch (error) {
    released = (error as Conflict).released
  }
  expect(released).toBeInstanceOf(Promise)
  manager.abort(holder)
  await released
  history.run(() => change(bank, { ...insert, key: 3 }))
  expect(bank.documents().map(([, bytes]) => decode(bytes))).toEqual([{ _id: 1, key: 23 }])
})
