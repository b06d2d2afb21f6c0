import { crc32 } from 'node:zlib'
import { decode } from '../../bson/decode.ts'
import { encode } from '../../bson/encode.ts'
import type { Doc } from '../../bson/values.ts'
import { type Change, isDocumentChange } from '../../storage/change.ts'
import type { StatementResult } from './sessions.ts'

/** Where the document a findAndModify answered with is stored, and what its bytes add up to. */
export type Image = { readonly collection: number; readonly record: number; readonly sum: number }

export type Numbered = readonly [statement: number, result: StatementResult]

// The first byte tells the form: counts are what nearly every write leaves, and need no BSON.
const forms = { committed: 0, counts: 1, documents: 2, updated: 3 } as const

const entryBytes = 5
const flag = { n: 1, hasModified: 2, modified: 4 } as const

const isCount = ([, { n, nModified = 0, upserted, reply }]: Numbered): boolean =>
  upserted === undefined && reply === undefined && n <= 1 && nModified <= 1

const encodeCounts = (results: readonly Numbered[]): Buffer => {
  const bytes = Buffer.allocUnsafe(1 + results.length * entryBytes)
  bytes[0] = forms.counts
  let at = 1
  for (const [statement, { n, nModified }] of results) {
    bytes.writeInt32LE(statement, at)
    const modified = nModified === undefined ? 0 : flag.hasModified + nModified * flag.modified
    bytes[at + 4] = n * flag.n + modified
    at += entryBytes
  }
  return bytes
}

const decodeCounts = (bytes: Buffer): Numbered[] => {
  const results: Numbered[] = []
  for (let at = 1; at + entryBytes <= bytes.length; at += entryBytes) {
    const flags = bytes[at + 4] ?? 0
    const n = (flags & flag.n) === 0 ? 0 : 1
    const nModified = (flags & flag.modified) === 0 ? 0 : 1
    results.push([bytes.readInt32LE(at), (flags & flag.hasModified) === 0 ? { n } : { n, nModified }])
  }
  return results
}

/** A document need not be written twice when the same unit stores these very bytes. */
const imageOf = (value: unknown, changes: readonly Change[]): Image | undefined => {
  for (const change of changes) {
    if (isDocumentChange(change) && change.after !== undefined && change.after === value)
      return { collection: change.collection.id, record: change.record.id, sum: crc32(change.after) }
  }
  return undefined
}

const updatedBytes = 25

/** The commonest findAndModify: one document updated, and the new one answered. */
const encodeUpdated = ([statement, { reply }]: Numbered, changes: readonly Change[]): Buffer | undefined => {
  const { n, updatedExisting, ...more } = (reply?.lastErrorObject ?? {}) as Doc
  if (n !== 1 || updatedExisting !== true || Object.keys(more).length > 0) return undefined
  const image = imageOf(reply?.value, changes)
  if (image === undefined) return undefined
  const bytes = Buffer.allocUnsafe(updatedBytes)
  bytes[0] = forms.updated
  bytes.writeInt32LE(statement, 1)
  bytes.writeDoubleLE(image.collection, 5)
  bytes.writeDoubleLE(image.record, 13)
  bytes.writeUInt32LE(image.sum, 21)
  return bytes
}

const decodeUpdated = (bytes: Buffer): Numbered => {
  const image = { collection: bytes.readDoubleLE(5), record: bytes.readDoubleLE(13), sum: bytes.readUInt32LE(21) }
  const reply = { lastErrorObject: { n: 1, updatedExisting: true }, value: null }
  return [bytes.readInt32LE(1), { n: 1, reply, image }]
}

const documentOf = ([statement, { n, nModified, upserted, reply }]: Numbered, changes: readonly Change[]): Doc => {
  const doc: Doc = { s: statement, n }
  if (nModified !== undefined) doc.m = nModified
  if (upserted !== undefined) doc.u = upserted
  if (reply === undefined) return doc
  const image = imageOf(reply.value, changes)
  doc.r = (image === undefined ? reply : { ...reply, value: null }) as Doc
  if (image !== undefined) doc.i = image
  return doc
}

const resultOf = ({ s, n, m, u, r, i }: Doc): Numbered => {
  const image = i as Doc | undefined
  return [
    Number(s),
    {
      n: Number(n),
      ...(m === undefined ? {} : { nModified: Number(m) }),
      ...(u === undefined ? {} : { upserted: u }),
      ...(r === undefined ? {} : { reply: r as Doc }),
      ...(image === undefined
        ? {}
        : { image: { collection: Number(image.collection), record: Number(image.record), sum: Number(image.sum) } }),
    },
  ]
}

/** What the store keeps of a retryable write, as small as may be; `changes` are those of the unit that commits it. */
export const encodeResults = (results: readonly Numbered[], changes: readonly Change[]): Buffer => {
  if (results.every(isCount)) return encodeCounts(results)
  const [first, second] = results
  const updated = first === undefined || second !== undefined ? undefined : encodeUpdated(first, changes)
  if (updated !== undefined) return updated
  const bytes = encode({ w: results.map((result) => documentOf(result, changes)) })
  return Buffer.concat([Buffer.of(forms.documents), bytes])
}

/** What the store keeps of a committed transaction. */
export const committedRecord = Buffer.of(forms.committed)

/** Reads either; undefined for a committed transaction. */
export const decodeResults = (bytes: Buffer): Numbered[] | undefined => {
  if (bytes[0] === forms.committed) return undefined
  if (bytes[0] === forms.counts) return decodeCounts(bytes)
  if (bytes[0] === forms.updated) return [decodeUpdated(bytes)]
  return (decode(bytes.subarray(1)).w as Doc[]).map(resultOf)
}
