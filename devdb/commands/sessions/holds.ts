import { failure } from '../../errors.ts'
import { type Change, isDocumentChange } from '../../storage/change.ts'
import type { Collection } from '../../storage/collection.ts'
import { Conflict, type Guard, type Target } from '../../storage/history.ts'
import { docOfBytes } from '../../storage/records.ts'

/** Who holds something: others wait until it is released. */
export type Holder = { readonly released: Promise<void> }

const keysOf = function* (change: Change): Generator<string> {
  if (!isDocumentChange(change) || change.after === undefined) return
  const { collection, after } = change
  for (const { definition, keysOf: keys } of collection.indexes) {
    if (!definition.unique) continue
    for (const key of keys(docOfBytes(after))) yield `${collection.id}\0${definition.name}\0${key}`
  }
}

const targetsOf = (change: Change): Target[] => {
  if (isDocumentChange(change)) return [change.record, change.collection]
  const { namespace, to, collection } = change
  return [namespace, ...(to === undefined ? [] : [to]), ...(collection === undefined ? [] : [collection])]
}

const isCollection = (target: Target): target is Collection => typeof target !== 'string' && 'indexes' in target

/** Within a transaction indexes may be given only to a collection that it has created itself and not filled yet. */
const checkFresh = (collection: Collection, created: readonly (Collection | undefined)[]): void => {
  if (created.includes(collection) && collection.records.size === 0) return
  throw failure(
    'OperationNotSupportedInTransaction',
    `Cannot create new indexes on existing collection ${collection.namespace} in a multi-document transaction.`,
  )
}

const checkWritable = (collection: Collection): void => {
  const { cap, timeSeries } = collection.options()
  if (cap !== undefined) {
    throw failure(
      'OperationNotSupportedInTransaction',
      `Collection '${collection.namespace}' is a capped collection. Writes in transactions are not allowed on capped collections.`,
    )
  }
  if (timeSeries !== undefined) {
    throw failure(
      'OperationNotSupportedInTransaction',
      `Cannot insert into a time-series collection in a multi-document transaction: ${collection.namespace}`,
    )
  }
}

/** What open transactions have changed, kept from everybody else: documents, unique keys, collections, names. */
export const makeHolds = () => {
  const targets = new Map<Target, Set<Holder>>()
  const keys = new Map<string, Holder>()
  const claimed = new Map<Holder, { targets: Set<Target>; keys: Set<string> }>()

  const meet = (target: Target, own: Holder | undefined): Holder | undefined => {
    const holders = targets.get(target)
    if (holders === undefined) return undefined
    for (const holder of holders) if (holder !== own) return holder
    return undefined
  }

  const meetKey = (changes: readonly Change[], own: Holder | undefined): Holder | undefined => {
    if (keys.size === 0) return undefined
    for (const change of changes) {
      for (const key of keysOf(change)) {
        const holder = keys.get(key)
        if (holder !== undefined && holder !== own) return holder
      }
    }
    return undefined
  }

  const claim = (holder: Holder, changes: readonly Change[]): void => {
    const mine = claimed.get(holder) ?? { targets: new Set(), keys: new Set() }
    claimed.set(holder, mine)
    for (const change of changes) {
      for (const target of targetsOf(change)) {
        mine.targets.add(target)
        const holders = targets.get(target) ?? new Set()
        targets.set(target, holders.add(holder))
      }
      for (const key of keysOf(change)) {
        mine.keys.add(key)
        keys.set(key, holder)
      }
    }
  }

  const release = (holder: Holder): void => {
    const mine = claimed.get(holder)
    if (mine === undefined) return
    claimed.delete(holder)
    for (const target of mine.targets) {
      const holders = targets.get(target)
      holders?.delete(holder)
      if (holders?.size === 0) targets.delete(target)
    }
    for (const key of mine.keys) keys.delete(key)
  }

  /** For plain commands: they wait for the holder, and then begin anew. */
  const plain: Guard = {
    touch: (target) => {
      const holder = meet(target, undefined)
      if (holder !== undefined) throw new Conflict(holder.released)
    },
    check: (changes) => {
      const holder = meetKey(changes, undefined)
      if (holder !== undefined) throw new Conflict(holder.released)
    },
  }

  return {
    claim,
    release,
    /** Undefined while nothing is held: then plain commands need not ask. */
    plain: (): Guard | undefined => (claimed.size === 0 ? undefined : plain),
    /** For a transaction: what others hold, or have changed since its snapshot, it must not write. */
    transactional: (own: Holder, later: readonly Change[], log: readonly Change[]): Guard => {
      const created = () => log.filter(({ kind }) => kind === 'create').map(({ collection }) => collection)
      const changed = new Set<Target>()
      for (const change of later) {
        if (isDocumentChange(change)) changed.add(change.record)
        else for (const target of targetsOf(change)) changed.add(target)
      }
      return {
        touch: (target) => {
          if (isCollection(target)) checkFresh(target, created())
          if (changed.has(target) || meet(target, own) !== undefined) throw new Conflict(undefined)
        },
        check: (changes) => {
          for (const change of changes) if (isDocumentChange(change)) checkWritable(change.collection)
          if (meetKey(changes, own) !== undefined) throw new Conflict(undefined)
          // The collection was dropped, renamed or given an index behind the transaction's back.
          if (changes.some((change) => isDocumentChange(change) && changed.has(change.collection)))
            throw new Conflict(undefined)
        },
      }
    },
  }
}

export type Holds = ReturnType<typeof makeHolds>
