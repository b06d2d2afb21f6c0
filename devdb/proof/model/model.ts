import { type Command, isTransaction, type Step } from '../steps.ts'
import { ModelError } from './errors.ts'
import { matches } from './filter.ts'
import { distinctValues, project, sorted, stages } from './reading.ts'
import { applyUpdate, seedOf } from './update.ts'
import { type Doc, isList, same, type Value, valuesAt } from './values.ts'

/** One database as its documentation describes it: no indexes but for uniqueness, no plans, no storage. */

type Index = { readonly name: string; readonly key: Doc; readonly unique?: boolean; readonly sparse?: boolean }
type Collection = { readonly documents: readonly Doc[]; readonly indexes: readonly Index[] }
type State = ReadonlyMap<string, Collection>
type Reply = { readonly [field: string]: unknown }
type Result = { readonly state: State; readonly reply: Reply }

const idIndex: Index = { name: '_id_', key: { _id: 1 }, unique: true }
const empty: Collection = { documents: [], indexes: [idIndex] }

const entriesOf = ({ key, sparse = false }: Index, document: Doc): readonly Value[] => {
  const [path = ''] = Object.keys(key)
  const [value] = valuesAt(document, path.split('.'))
  if (value === undefined && sparse) return []
  // An empty array has an entry of its own, before null.
  if (isList(value)) return value.length === 0 ? [[]] : value
  return [value ?? null]
}

const collides = (index: Index, one: Doc, other: Doc): boolean => {
  const entries = entriesOf(index, one)
  return entriesOf(index, other).some((entry) => entries.some((held) => same(entry, held)))
}

const verifyUnique = ({ documents, indexes }: Collection, document: Doc): void => {
  for (const index of indexes) {
    if (index.unique && documents.some((other) => collides(index, document, other))) throw new ModelError(11_000)
  }
}

const stateWith = (state: State, name: string, collection: Collection): State => new Map(state).set(name, collection)

const readFrom = (state: State, name: unknown, filter: unknown): Doc[] =>
  (state.get(String(name)) ?? empty).documents.filter((document) => matches(document, (filter ?? {}) as Doc))

const add = (collection: Collection, document: Doc): Collection => {
  verifyUnique(collection, document)
  return { ...collection, documents: [...collection.documents, document] }
}

const replace = (collection: Collection, before: Doc, after: Doc): Collection => {
  const others = collection.documents.filter((document) => document !== before)
  verifyUnique({ ...collection, documents: others }, after)
  return { ...collection, documents: collection.documents.map((document) => (document === before ? after : document)) }
}

const withoutAny = (collection: Collection, gone: readonly Doc[]): Collection => ({
  ...collection,
  documents: collection.documents.filter((document) => !gone.includes(document)),
})

const codeOf = (error: unknown): number => {
  if (error instanceof ModelError) return error.code
  throw error
}

const insert = (state: State, { insert: name, documents, ordered }: Command): Result => {
  const failed: { index: number; code: number }[] = []
  let collection = state.get(String(name)) ?? empty
  let n = 0
  for (const [index, document] of (documents as Doc[]).entries()) {
    try {
      collection = add(collection, document)
      n += 1
    } catch (error) {
      failed.push({ index, code: codeOf(error) })
      if (ordered) break
    }
  }
  return {
    state: stateWith(state, String(name), collection),
    reply: { n, ...(failed.length > 0 && { writeErrors: failed }) },
  }
}

type Statement = { readonly q: Doc; readonly u: Doc; readonly multi?: boolean; readonly upsert?: boolean }

const upsertInto = (collection: Collection, { q, u }: Statement) => {
  const document = applyUpdate(seedOf(q), u, true)
  return {
    collection: add(collection, document),
    reply: { n: 1, nModified: 0, upserted: [{ index: 0, _id: document._id }] },
  }
}

const applyStatement = (collection: Collection, statement: Statement) => {
  const found = collection.documents.filter((document) => matches(document, statement.q))
  if (found.length === 0 && statement.upsert) return upsertInto(collection, statement)
  let changed = collection
  let nModified = 0
  for (const before of found) {
    const after = applyUpdate(before, statement.u)
    if (JSON.stringify(after) === JSON.stringify(before)) continue
    changed = replace(changed, before, after)
    nModified += 1
  }
  return { collection: changed, reply: { n: found.length, nModified } }
}

const update = (state: State, { update: name, updates }: Command): Result => {
  const [statement] = updates as [Statement]
  const collection = state.get(String(name))
  try {
    const { collection: changed, reply } = applyStatement(collection ?? empty, statement)
    const isThere = collection !== undefined || changed.documents.length > 0
    return { state: isThere ? stateWith(state, String(name), changed) : state, reply }
  } catch (error) {
    const created = collection === undefined && statement.upsert ? stateWith(state, String(name), empty) : state
    return { state: created, reply: { n: 0, nModified: 0, writeErrors: [{ index: 0, code: codeOf(error) }] } }
  }
}

const remove = (state: State, { delete: name, deletes }: Command): Result => {
  const [{ q }] = deletes as [{ q: Doc }]
  const gone = readFrom(state, name, q)
  const collection = state.get(String(name))
  return {
    state: collection === undefined ? state : stateWith(state, String(name), withoutAny(collection, gone)),
    reply: { n: gone.length },
  }
}

const findAndModify = (state: State, command: Command): Result => {
  const { findAndModify: name, query, sort, remove: removing, update: change, new: after } = command
  const collection = state.get(String(name))
  const [before] = sorted(readFrom(state, name, query), sort as Doc)
  if (collection === undefined || before === undefined) return { state, reply: { value: null } }
  if (removing)
    return { state: stateWith(state, String(name), withoutAny(collection, [before])), reply: { value: before } }
  const changed = applyUpdate(before, change as Doc)
  return {
    state: stateWith(state, String(name), replace(collection, before, changed)),
    reply: { value: after ? changed : before },
  }
}

const cursor = (documents: readonly Doc[]): Reply => ({ cursor: { firstBatch: documents } })

const find = (state: State, { find: name, filter, sort, skip = 0, limit = 0, projection }: Command): Result => {
  const found = readFrom(state, name, filter)
  const inOrder = sort === undefined ? found : sorted(found, sort as Doc)
  const end = limit === 0 ? undefined : Number(skip) + Number(limit)
  const page = inOrder.slice(Number(skip), end)
  return { state, reply: cursor(projection === undefined ? page : page.map((one) => project(one, projection as Doc))) }
}

const aggregate = (state: State, { aggregate: name, pipeline }: Command): Result => {
  const [{ $match: filter }, ...rest] = pipeline as [Doc, ...Doc[]]
  const documents = rest.reduce<readonly Doc[]>(
    (input, stage) => {
      const [[operator, argument] = ['', null]] = Object.entries(stage)
      return stages[operator]?.(input, argument) ?? input
    },
    readFrom(state, name, filter),
  )
  return { state, reply: cursor(documents) }
}

const createIndexes = (state: State, { createIndexes: name, indexes }: Command): Result => {
  const collection = state.get(String(name)) ?? empty
  const [index] = indexes as [Index]
  if (collection.indexes.some((held) => held.name === index.name)) return { state, reply: {} }
  for (const [at, document] of collection.documents.entries()) {
    if (index.unique) verifyUnique({ documents: collection.documents.slice(0, at), indexes: [index] }, document)
  }
  return {
    state: stateWith(state, String(name), { ...collection, indexes: [...collection.indexes, index] }),
    reply: {},
  }
}

const dropIndexes = (state: State, { dropIndexes: name, index }: Command): Result => {
  const collection = state.get(String(name))
  if (collection === undefined) throw new ModelError(26)
  const indexes = collection.indexes.filter((held) => held.name !== index)
  if (indexes.length === collection.indexes.length) throw new ModelError(27)
  return { state: stateWith(state, String(name), { ...collection, indexes }), reply: {} }
}

const commands: Readonly<Record<string, (state: State, command: Command) => Result>> = {
  aggregate,
  count: (state, { count, query }) => ({ state, reply: { n: readFrom(state, count, query).length } }),
  createIndexes,
  delete: remove,
  distinct: (state, { distinct, key, query }) => ({
    state,
    reply: { values: distinctValues(readFrom(state, distinct, query), String(key)) },
  }),
  dropIndexes,
  find,
  findAndModify,
  insert,
  update,
}

const execute = (state: State, command: Command): Result => {
  const [name = ''] = Object.keys(command)
  const run = commands[name]
  if (run === undefined) throw new Error(`the model does not know ${name}`)
  try {
    return run(state, command)
  } catch (error) {
    return { state, reply: { code: codeOf(error) } }
  }
}

const failedIn = (reply: Reply): boolean => reply.code !== undefined || reply.writeErrors !== undefined

/** A model of one database, empty at first; it answers steps as a server would. */
export const makeModel = () => {
  let state: State = new Map()

  const transaction = (steps: readonly Command[], commit: boolean): Reply[] => {
    const before = state
    const replies: Reply[] = []
    for (const command of steps) {
      // A failed statement ends the transaction, whatever else is in its batch.
      const { state: next, reply } = execute(state, { ...command, ordered: true })
      replies.push(reply)
      state = next
      if (failedIn(reply)) break
    }
    if (!commit || replies.some(failedIn)) state = before
    return replies
  }

  return {
    reset: (): void => {
      state = new Map()
    },
    run: (step: Step): Reply[] => {
      if (isTransaction(step)) return transaction(step.transaction, step.commit)
      const { state: next, reply } = execute(state, step)
      state = next
      return [reply]
    },
  }
}
