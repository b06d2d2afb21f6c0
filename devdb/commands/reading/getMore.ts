import { Long } from 'bson'
import { kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { type Command, countOption, stringOption } from '../command.ts'

const cursorId = (field: string, value: Value | undefined): Long => {
  if (typeof value === 'number' && Number.isInteger(value)) return Long.fromNumber(value)
  if (value !== undefined && kindOf(value) === 'long') return value as Long
  throw failure(
    'TypeMismatch',
    `BSON field '${field}' is the wrong type '${kindOf(value ?? null)}', expected type 'long'`,
  )
}

const getMore: Command = {
  options: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  run: ({ server, body, database, signal, cursorSession }) => {
    server.counters.count('getmore')
    const collection = stringOption(body, 'collection')
    return server.cursors.more({
      id: cursorId('getMore.getMore', body.getMore),
      namespace: `${database}.${collection}`,
      batchSize: countOption(body, 'batchSize') || undefined,
      session: cursorSession,
      maxTimeMs: countOption(body, 'maxTimeMS') || undefined,
      signal,
    })
  },
}

const killCursors: Command = {
  options: ['cursors'],
  run: ({ server, body }) => {
    server.counters.count('command')
    stringOption(body, 'killCursors')
    if (!Array.isArray(body.cursors))
      throw failure('TypeMismatch', "BSON field 'killCursors.cursors' is the wrong type, expected type 'array'")
    if (body.cursors.length === 0) throw failure('BadValue', 'Must specify at least one cursor id')
    const cursorsKilled: Long[] = []
    const cursorsNotFound: Long[] = []
    for (const value of body.cursors) {
      const id = cursorId('killCursors.cursors', value)
      if (server.cursors.kill(id)) cursorsKilled.push(id)
      else cursorsNotFound.push(id)
    }
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
  },
}

export const getMoreCommands: Readonly<Record<string, Command>> = { getMore, killCursors }
