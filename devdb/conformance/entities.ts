import mongoose from 'mongoose'
import { type ObservedEvent, observe } from './events.ts'
import type { Document } from './testFile.ts'

const { ClientSession, Collection, Db, GridFSBucket, MongoClient } = mongoose.mongo

type Kind<T> = abstract new (...args: never[]) => T

/** Options of a client that make a run quick: the first try after a lost connection comes at once. */
const quick = { monitorCommands: true, minHeartbeatFrequencyMS: 10, serverSelectionTimeoutMS: 5_000 }

const withOptions = (url: string, options: Document = {}): string => {
  const pairs = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return [url, ...pairs].join(url.includes('?') ? '&' : '/?').replace(/([?&/])&/g, '$1')
}

/** The named things of one test: clients, databases, collections, sessions, cursors, saved results. */
export const makeEntities = (url: string) => {
  const entities = new Map<string, unknown>()
  const events = new Map<string, readonly ObservedEvent[]>()

  const find = <T>(id: string, kind: Kind<T>): T => {
    const entity = entities.get(id)
    if (!(entity instanceof kind)) throw new Error(`there is no ${kind.name} '${id}'`)
    return entity
  }

  const save = (id: string, entity: unknown): void => {
    if (entities.has(id)) throw new Error(`there are two entities '${id}'`)
    entities.set(id, entity)
  }

  const makers: Readonly<Record<string, (specification: Document) => unknown>> = {
    client: (specification) => {
      const { id, uriOptions, serverApi } = specification
      const client = new MongoClient(withOptions(url, uriOptions), { ...quick, ...(serverApi && { serverApi }) })
      events.set(id, observe(client, specification))
      return client
    },
    database: ({ client, databaseName, databaseOptions }) =>
      find(client, MongoClient).db(databaseName, databaseOptions),
    collection: ({ database, collectionName, collectionOptions }) =>
      find(database, Db).collection(collectionName, collectionOptions),
    session: ({ client, sessionOptions }) => find(client, MongoClient).startSession(sessionOptions ?? {}),
    bucket: ({ database, bucketOptions }) => new GridFSBucket(find(database, Db), bucketOptions ?? {}),
  }

  const create = (specifications: readonly Document[]): void => {
    for (const specification of specifications) {
      const [[kind, fields] = ['', {}]] = Object.entries<Document>(specification)
      const make = makers[kind]
      if (make === undefined) throw new Error(`entities of kind '${kind}' are unknown to this runner`)
      save(fields.id, make(fields))
    }
  }

  const all = <T>(kind: Kind<T>): T[] => [...entities.values()].filter((entity): entity is T => entity instanceof kind)

  return {
    create,
    save,
    find,
    value: (id: string): unknown => entities.get(id),
    has: (id: string): boolean => entities.has(id),
    eventsOf: (client: string): readonly ObservedEvent[] => events.get(client) ?? [],
    references: {
      entity: (id: string) => entities.get(id),
      lsid: (id: string) => find(id, ClientSession as unknown as Kind<mongoose.mongo.ClientSession>).id,
    },
    collections: () => all(Collection),
    close: async (): Promise<void> => {
      await Promise.allSettled(all(MongoClient).map((client) => client.close(true)))
    },
  }
}

export type Entities = ReturnType<typeof makeEntities>
