import { LRUCache } from 'lru-cache'
import { beginSpan, type OpenSpan } from '../tracing.ts'

interface Started {
  readonly requestId: number
  readonly commandName: string
  readonly databaseName: string
  readonly command: Readonly<Record<string, unknown>>
}

interface Ended {
  readonly requestId: number
}

/** What is needed of the driver's client: what it tells about commands, each within the work that sends it. */
export interface Commanding {
  on(event: 'commandStarted', listener: (event: Started) => void): unknown
  on(event: 'commandSucceeded' | 'commandFailed', listener: (event: Ended) => void): unknown
}

/** Commands under way: more than a pool has connections. */
const mostOpen = 1_000

/** A span for each command to the database that belongs to a trace: its name and collection, nothing of what it asks or writes. */
export const traceCommands = (client: Commanding): void => {
  const open = new LRUCache<number, OpenSpan>({ max: mostOpen })
  client.on('commandStarted', ({ requestId, commandName, databaseName, command }) => {
    const target = command[commandName]
    const attributes = {
      'db.system.name': 'mongodb',
      'db.namespace': databaseName,
      'db.operation.name': commandName,
      ...(typeof target === 'string' && { 'db.collection.name': target }),
    }
    const span = beginSpan(`mongodb ${commandName}`, { kind: 'client', attributes })
    if (span) open.set(requestId, span)
  })
  const end = (failure?: string) => (event: Ended) => {
    open.get(event.requestId)?.end(failure)
    open.delete(event.requestId)
  }
  client.on('commandSucceeded', end())
  client.on('commandFailed', end('MongoError'))
}
