import { Long } from 'bson'
import { isInt32 } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Command, Reply, Request } from './command.ts'

/** A command that counts as one of `opcounters.command` and does nothing else around its work. */
export const simple = (options: readonly string[], run: (request: Request) => Reply): Command => ({
  options,
  run: (request) => {
    request.server.counters.count('command')
    return run(request)
  },
})

/** A command of the database `admin`; 13 anywhere else. */
export const adminOnly = (options: readonly string[], run: (request: Request) => Reply): Command =>
  simple(options, (request) => {
    if (request.database !== 'admin')
      throw failure('Unauthorized', `${request.name} may only be run against the admin database.`)
    return run(request)
  })

/** A whole number as mongod writes counts and sizes: int where it fits, else long. */
export const integer = (value: number): number | Long => (isInt32(value) ? value : Long.fromNumber(value))

export const long = (value: number): Long => Long.fromNumber(value)
