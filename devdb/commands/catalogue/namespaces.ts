import { createHash } from 'node:crypto'
import { Binary } from 'bson'
import type { Doc, Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { Collection } from '../../storage/collection.ts'
import { collectionName, type Request } from '../command.ts'

/** The collection the command names; throws NamespaceNotFound (26) without one and 166 for a view. */
export const existingCollection = (request: Request): Collection => {
  const { server, database } = request
  const name = collectionName(request)
  const collection = server.catalog.find(database, name)
  if (collection !== undefined) return collection
  const namespace = `${database}.${name}`
  if (server.catalog.view(database, name) !== undefined)
    throw failure('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
  throw failure('NamespaceNotFound', `ns not found ${namespace}`)
}

/** An identity that stays the same as long as the collection does, whatever its name. */
export const uuidOf = ({ id }: Pick<Collection, 'id'>): Binary =>
  new Binary(createHash('md5').update(`collection ${id}`).digest(), Binary.SUBTYPE_UUID)

/** Splits "database.collection"; throws InvalidNamespace (73). */
export const splitNamespace = (value: Value | undefined, field: string): [string, string] => {
  if (typeof value !== 'string')
    throw failure('TypeMismatch', `BSON field '${field}' is the wrong type, expected type 'string'`)
  const dot = value.indexOf('.')
  if (dot <= 0 || dot === value.length - 1) throw failure('InvalidNamespace', `Invalid namespace specified '${value}'`)
  return [value.slice(0, dot), value.slice(dot + 1)]
}

export const idIndexSpec = (options: Doc): Doc => ({
  v: 2,
  key: { _id: 1 },
  name: '_id_',
  ...(options.collation === undefined ? {} : { collation: options.collation }),
})
