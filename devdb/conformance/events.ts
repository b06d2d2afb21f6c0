import type mongoose from 'mongoose'
import { mismatch, type References } from './matching.ts'
import type { Document, ExpectedEvents } from './testFile.ts'

export type ObservedEvent = {
  readonly type: 'command' | 'cmap' | 'sdam'
  readonly name: string
  readonly event: Document
}

/** The driver's name of each event, and the one of the test format. */
const names: Readonly<Record<ObservedEvent['type'], Readonly<Record<string, string>>>> = {
  command: {
    commandStarted: 'commandStartedEvent',
    commandSucceeded: 'commandSucceededEvent',
    commandFailed: 'commandFailedEvent',
  },
  cmap: {
    connectionPoolCreated: 'poolCreatedEvent',
    connectionPoolReady: 'poolReadyEvent',
    connectionPoolCleared: 'poolClearedEvent',
    connectionPoolClosed: 'poolClosedEvent',
    connectionCreated: 'connectionCreatedEvent',
    connectionReady: 'connectionReadyEvent',
    connectionClosed: 'connectionClosedEvent',
    connectionCheckOutStarted: 'connectionCheckOutStartedEvent',
    connectionCheckOutFailed: 'connectionCheckOutFailedEvent',
    connectionCheckedOut: 'connectionCheckedOutEvent',
    connectionCheckedIn: 'connectionCheckedInEvent',
  },
  sdam: {
    serverDescriptionChanged: 'serverDescriptionChangedEvent',
    topologyDescriptionChanged: 'topologyDescriptionChangedEvent',
  },
}

const sensitive = new Set(['authenticate', 'saslStart', 'saslContinue', 'getnonce', 'createUser', 'updateUser'])
const greetings = new Set(['hello', 'isMaster', 'ismaster'])

/** The driver blanks greetings that authenticate. */
const isSensitive = ({ commandName, command, reply }: Document): boolean =>
  sensitive.has(commandName) || (greetings.has(commandName) && Object.keys(command ?? reply ?? {}).length === 0)

/** The driver goes on changing a command whose event it has sent. */
const frozen = (event: Document): Document => {
  const { commandName, databaseName, serviceId, serverConnectionId, command } = event
  return { commandName, databaseName, serviceId, serverConnectionId, command: copy(command) }
}

const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, copy(inner)]))
}

/** Records the events of a client that its specification asks for. */
export const observe = (client: mongoose.mongo.MongoClient, specification: Document): ObservedEvent[] => {
  const { observeEvents = [], ignoreCommandMonitoringEvents = [], observeSensitiveCommands = false } = specification
  const observed: ObservedEvent[] = []
  const unwanted = new Set<string>([...ignoreCommandMonitoringEvents, 'configureFailPoint'])
  for (const [type, table] of Object.entries(names) as [ObservedEvent['type'], Record<string, string>][]) {
    for (const [event, name] of Object.entries(table)) {
      if (!observeEvents.includes(name)) continue
      client.on(event as 'commandStarted', (seen: Document) => {
        if (
          type === 'command' &&
          (unwanted.has(seen.commandName) || (!observeSensitiveCommands && isSensitive(seen)))
        ) {
          return
        }
        observed.push({ type, name, event: name === 'commandStartedEvent' ? frozen(seen) : seen })
      })
    }
  }
  return observed
}

const has = (value: unknown): boolean => value !== undefined && value !== null

/** Commands and replies may hold fields that are not expected. */
const asRoots = (wanted: Document): Document =>
  Object.fromEntries(
    Object.entries(wanted).map(([field, value]) => [
      field,
      field === 'command' || field === 'reply' ? { $$matchAsRoot: value } : value,
    ]),
  )

/** For a file of a bucket the driver asks by {$eq: value} where the tests show the value. */
const withoutEq = ({ filter, ...command }: Document): Document => {
  const values = Object.entries<Document>(filter ?? {}).map(([field, value]) => [field, value?.$eq ?? value])
  return { ...command, filter: Object.fromEntries(values) }
}

/** The driver bounds the wait for every commit and abort, not only for repeated commits. */
const withoutTimeout = ({ writeConcern, ...command }: Document): Document => {
  const { wtimeout: _limit, ...rest } = writeConcern ?? {}
  return writeConcern === undefined ? command : { ...command, writeConcern: rest }
}

const writes = ['insert', 'update', 'delete', 'findAndModify']

/** What this driver sends otherwise than these tests expect, made equal where no server is concerned. */
const asExpected = (command: Document, wanted: Document): Document => {
  const [name = ''] = Object.keys(command)
  if (name === 'find' && /^fs\.(files|chunks)$/.test(command.find)) return withoutEq(command)
  if (/^(commit|abort)Transaction$/.test(name) && wanted.writeConcern?.wtimeout === undefined)
    return withoutTimeout(command)
  // Since version 7 it keeps writes of a causally consistent session in order too.
  if (!writes.includes(name) || wanted.readConcern?.$$exists !== false || command.autocommit !== undefined)
    return command
  const { readConcern: _afterClusterTime, ...rest } = command
  return rest
}

const seenFields = ({ event, name }: ObservedEvent, wanted: Document): Document =>
  name === 'commandStartedEvent' && wanted.command !== undefined
    ? {
        commandName: event.commandName,
        databaseName: event.databaseName,
        command: asExpected(event.command, wanted.command),
      }
    : event

const eventMismatch = (expected: Document, seen: ObservedEvent, references: References): string | undefined => {
  const [[name, wanted] = ['', {}]] = Object.entries<Document>(expected)
  const { event } = seen
  if (name !== seen.name) return `expected ${name}, got ${seen.name} ${event.commandName ?? ''}`
  const { hasServiceId, hasServerConnectionId, ...fields } = wanted
  if (hasServiceId !== undefined && hasServiceId !== has(event.serviceId)) return `hasServiceId is not ${hasServiceId}`
  if (hasServerConnectionId !== undefined && hasServerConnectionId !== has(event.serverConnectionId))
    return `hasServerConnectionId is not ${hasServerConnectionId}`
  return mismatch(asRoots(fields), seenFields(seen, fields), references, name)
}

const titles = (events: readonly ObservedEvent[]): string =>
  events.map(({ name, event }) => event.commandName ?? name).join(', ')

/** Whether one event is as expected: for tests that wait for it or count it. */
export const isEvent = (expected: Document, seen: ObservedEvent, references: References): boolean =>
  eventMismatch(expected, seen, references) === undefined

/** The first difference between the events a client should have and has sent. */
export const eventsMismatch = (
  expected: ExpectedEvents,
  observed: readonly ObservedEvent[],
  references: References,
): string | undefined => {
  const { eventType = 'command', events, ignoreExtraEvents = false } = expected
  const seen = observed.filter(({ type }) => type === eventType)
  for (const [index, event] of events.entries()) {
    const actual = seen[index]
    if (actual === undefined) return `event ${index} (${Object.keys(event)}) did not come; came: ${titles(seen)}`
    const difference = eventMismatch(event, actual, references)
    if (difference !== undefined) return `event ${index}: ${difference}`
  }
  const extra = ignoreExtraEvents ? [] : seen.slice(events.length)
  return extra.length === 0 ? undefined : `unexpected events: ${titles(extra)}`
}
