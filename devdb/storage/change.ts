import type { Collection } from './collection.ts'
import type { LogicalTime } from './logicalClock.ts'
import type { StoredRecord } from './records.ts'
import type { Store } from './store.ts'

export type DocumentKind = 'insert' | 'update' | 'replace' | 'delete'

/** One document changed; the bytes before and after it (absent where there was or is none). */
export type DocumentChange = {
  readonly kind: DocumentKind
  readonly collection: Collection
  readonly namespace: string
  readonly record: StoredRecord
  readonly before: Buffer | undefined
  readonly after: Buffer | undefined
}

export type CatalogKind = 'create' | 'drop' | 'rename' | 'dropDatabase' | 'createIndexes' | 'dropIndexes' | 'modify'

/** The catalogue changed: `apply` and `revert` switch memory, `persist` tells the store when the unit is committed. */
export type CatalogChange = {
  readonly kind: CatalogKind
  readonly namespace: string
  /** The new name, after a rename. */
  readonly to?: string
  readonly collection?: Collection
  /** What change streams tell of it beyond the names (index specifications, options). */
  readonly description?: unknown
  readonly apply: () => void
  readonly revert: () => void
  readonly persist: (store: Store) => void
}

export type Change = DocumentChange | CatalogChange

/** Changes that happened at once, at this logical time. */
export type Unit = { readonly time: LogicalTime; readonly changes: readonly Change[] }

export const isDocumentChange = (change: Change): change is DocumentChange => 'record' in change

const move = (change: Change, forward: boolean): void => {
  if (isDocumentChange(change)) {
    const { collection, record, before, after } = change
    collection.shift(record, forward ? before : after, forward ? after : before)
  } else if (forward) change.apply()
  else change.revert()
}

/** Switches memory to the state before the changes from `from` on. */
export const revertChanges = (changes: readonly Change[], from = 0): void => {
  for (let index = changes.length - 1; index >= from; index--) {
    const change = changes[index]
    if (change !== undefined) move(change, false)
  }
}

/** Switches memory to the state after the changes. */
export const applyChanges = (changes: readonly Change[]): void => {
  for (const change of changes) move(change, true)
}

/** Tells the store what a change leaves. */
export const persistChange = (change: Change, store: Store): void => {
  if (!isDocumentChange(change)) change.persist(store)
  else if (change.after === undefined) store.remove(change.collection.id, change.record.id)
  else store.put(change.collection.id, change.record.id, change.after)
}
