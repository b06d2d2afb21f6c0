import type { Doc, Value } from '../bson/values.ts'
import { unsupported } from '../errors.ts'
import type { IndexScan } from '../index/candidates.ts'
import { isEmptyArray, type Leaf, leafKey, leafTuples } from '../index/keys.ts'
import type { Plan } from '../index/planner.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'

type Tuple = { readonly key: string; readonly leaves: readonly Leaf[] }

const tuplesOf = (doc: Doc, { view: { fields, prefix } }: IndexScan): Tuple[] =>
  leafTuples(
    doc,
    fields.map(({ parts }) => parts),
  ).map((leaves) => {
    const keys = leaves.map((leaf, at) => leafKey(leaf, fields[at]?.direction ?? 1, undefined))
    return { key: prefix + keys.join(''), leaves }
  })

/** The key by which the scan meets a document first: of an array there may be several in its intervals. */
const firstMet = (doc: Doc, scan: IndexScan): Tuple | undefined => {
  const within = tuplesOf(doc, scan).filter(({ key }) =>
    scan.intervals.some(({ start, end }) => key >= start && key < end),
  )
  return within.reduce<Tuple | undefined>(
    (first, tuple) => (first === undefined || tuple.key < first.key !== scan.reverse ? tuple : first),
    undefined,
  )
}

/** What an index holds for a value: null for a missing one, the deprecated undefined for an empty array. */
const held = (leaf: Leaf): Value => {
  if (isEmptyArray(leaf)) return { _bsontype: 'Undefined' }
  return leaf === undefined ? null : leaf
}

const shown = ({ view: { fields, index } }: IndexScan, { leaves }: Tuple): Doc => {
  const path: Doc = index.definition.wildcard === undefined ? {} : { $_path: fields[0]?.path ?? '' }
  return { ...path, ...Object.fromEntries(fields.map((field, at) => [field.path, held(leaves[at])])) }
}

const checkScan = ({ view: { collation, fields } }: IndexScan): void => {
  if (collation !== undefined) throw unsupported('returnKey of an index with a collation')
  if (fields.some(({ hashed }) => hashed)) throw unsupported('returnKey of a hashed index')
}

/**
 * What the option `returnKey` of find answers for the records of a plan: the fields of the index key that led to each,
 * by their whole paths, and nothing without an index or with a text index. Of a collated or hashed index the keys are
 * not those of MongoDB: refused (238).
 */
export const keyReader = (plan: Plan): ((record: StoredRecord) => Doc) => {
  const scans = plan.kind === 'index' ? plan.scans.filter(({ terms }) => terms === undefined) : []
  for (const scan of scans) checkScan(scan)
  return (record) => {
    const doc = docOf(record)
    for (const scan of scans) {
      const tuple = firstMet(doc, scan)
      if (tuple !== undefined) return shown(scan, tuple)
    }
    return {}
  }
}
