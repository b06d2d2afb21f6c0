import type { Doc, Value } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import { type LiveIndex, makeLiveIndex } from '../../index/liveIndex.ts'
import type { Collection } from '../../storage/collection.ts'
import { parseCollectionOptions } from '../../storage/collectionOptions.ts'
import { docOf } from '../../storage/records.ts'
import type { Command, Reply, Request } from '../command.ts'
import { checkCommand, isSet, required, types } from '../struct.ts'
import { trim } from '../writing/write.ts'
import { existingCollection, splitNamespace, uuidOf } from './namespaces.ts'

const sorted = (index: LiveIndex): string[] =>
  index.entries
    .entries()
    .map(([key, id]) => `${key}\0${id}`)
    .sort()

/** Whether the index holds what an index built anew over the same documents would hold. */
const equalsRebuild = (collection: Collection, index: LiveIndex): boolean => {
  const rebuilt = makeLiveIndex(index.definition, collection.namespace)
  for (const record of collection.records.values()) rebuilt.load(docOf(record), record)
  const [held, wanted] = [sorted(index), sorted(rebuilt)]
  return held.length === wanted.length && held.every((entry, at) => entry === wanted[at])
}

const failing = (collection: Collection): number => {
  const { validation } = collection.options()
  if (validation === undefined) return 0
  let count = 0
  for (const record of collection.records.values()) if (!validation.filter.match(docOf(record))) count++
  return count
}

/** Reads every document and compares every index with one built anew. */
const validate: Command = {
  options: ['full', 'background', 'metadata', 'repair', 'checkBSONConformance'],
  run: (request) => {
    const { server, body } = request
    server.counters.count('command')
    if (isSet(body.repair)) throw unsupported("the option 'repair' of validate")
    const collection = existingCollection(request)
    const keysPerIndex: Doc = {}
    const indexDetails: { [name: string]: Doc } = {}
    const broken: string[] = []
    for (const index of collection.indexes) {
      const { name } = index.definition
      const valid = equalsRebuild(collection, index)
      if (!valid) broken.push(name)
      keysPerIndex[name] = index.entries.size()
      indexDetails[name] = { valid }
    }
    const nonCompliant = failing(collection)
    return {
      ns: collection.namespace,
      uuid: uuidOf(collection),
      nInvalidDocuments: 0,
      nNonCompliantDocuments: nonCompliant,
      nrecords: collection.records.size,
      nIndexes: collection.indexes.length,
      keysPerIndex,
      indexDetails,
      valid: broken.length === 0,
      repaired: false,
      warnings: nonCompliant > 0 ? ['Detected one or more documents not compliant with the collection schema.'] : [],
      errors: broken.map((name): Value => `index '${name}' differs from one built anew over the documents`),
      extraIndexEntries: [],
      missingIndexEntries: [],
      corruptRecords: [],
    }
  },
}

const convertToCapped: Command = {
  options: ['size'],
  run: (request) => {
    const { server, body } = request
    server.counters.count('command')
    checkCommand(body, 'convertToCapped', { size: required(types.number) })
    const collection = existingCollection(request)
    const { spec } = collection.options()
    server.catalog.history.attempt(() => {
      collection.configure(parseCollectionOptions({ ...spec, capped: true, size: body.size ?? 0 }))
      trim(collection)
    })
    return {}
  },
}

const rebuild = ({ indexes, dropIndex, createIndex }: Collection): Reply => {
  const [, ...definitions] = indexes.map(({ definition }) => definition)
  for (const definition of definitions) {
    dropIndex(definition.name)
    createIndex(definition)
  }
  const specs = indexes.map(({ definition }) => definition.spec)
  return { nIndexesWas: specs.length, nIndexes: specs.length, indexes: specs }
}

const reIndex: Command = {
  options: [],
  run: (request: Request) => {
    const { server } = request
    server.counters.count('command')
    if (server.replicaSet !== undefined)
      throw failure('IllegalOperation', 'reIndex is only allowed on a standalone mongod instance. Cannot reIndex')
    const collection = existingCollection(request)
    return server.catalog.history.attempt(() => rebuild(collection))
  },
}

const dataSize: Command = {
  options: ['keyPattern', 'min', 'max', 'estimate'],
  run: ({ server, body }) => {
    server.counters.count('command')
    const partly = ['keyPattern', 'min', 'max'].find((name) => body[name] !== undefined)
    if (partly !== undefined) throw unsupported(`the option '${partly}' of dataSize`)
    const collection = server.catalog.find(...splitNamespace(body.dataSize, 'dataSize'))
    const [size, numObjects] = [collection?.bytesHeld() ?? 0, collection?.records.size ?? 0]
    return { estimate: isSet(body.estimate), size, numObjects, millis: 0 }
  },
}

export const maintenanceCommands: Readonly<Record<string, Command>> = { validate, convertToCapped, reIndex, dataSize }
