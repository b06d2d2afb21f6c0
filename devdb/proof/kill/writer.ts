import { randomUUID } from 'node:crypto'
import { Binary, Long } from 'bson'
import type { Doc } from '../../bson/values.ts'
import { connectRaw } from '../../wire/rawClient.ts'
import type { Random } from '../random.ts'
import { type Fields, nextOperation, nothing, type Operation, type State } from './operations.ts'

type Client = Awaited<ReturnType<typeof connectRaw>>

/** How far an operation came: its number, and whether its last command was sent and answered. */
type Attempt = {
  readonly operation: Operation
  readonly before: State
  readonly number: number
  sentAll: boolean
  reply: Doc | undefined
}

const database = 'proof'

/** What of a reply a retry must repeat. */
const answerOf = ({ ok, n, nModified, value, nInserted, nMatched, nDeleted }: Doc): string =>
  JSON.stringify({ ok, n, nModified, value, nInserted, nMatched, nDeleted })

const isTransaction = ({ commands }: Operation): boolean => commands.length > 1

const fail = (text: string, detail: unknown): never => {
  throw new Error(`${text}: ${JSON.stringify(detail)}`)
}

const expectDone = (reply: Doc, { name }: Operation): void => {
  if (reply.ok !== 1 || reply.writeErrors !== undefined || (reply.nErrors ?? 0) !== 0)
    fail(`a ${name} was refused`, reply)
}

/**
 * One client that writes without a pause, each write numbered in its session. It knows what must be on the server: all
 * that was acknowledged, and at most one write on its way, which must be there wholly or not at all.
 */
export const makeWriter = (writer: number, random: Random) => {
  const lsid = { id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID) }
  let state = nothing
  let serial = 0
  let attempt: Attempt | undefined

  const sessioned = (command: Fields, number: number): Fields => ({
    ...command,
    $db: command.$db ?? database,
    lsid,
    txnNumber: Long.fromNumber(number),
  })

  const endOf = ({ operation, number }: Attempt): Fields => {
    if (isTransaction(operation)) return sessioned({ commitTransaction: 1, autocommit: false, $db: 'admin' }, number)
    return sessioned(operation.commands[0] ?? {}, number)
  }

  /** Undefined when the server died first. */
  const ask = (client: Client, command: Fields): Promise<Doc | undefined> => {
    const gone = (): undefined => undefined
    return Promise.race([client.send(command), client.closed.then(gone, gone)])
  }

  const perform = async (client: Client, current: Attempt): Promise<void> => {
    const { operation, number } = current
    if (isTransaction(operation)) {
      for (const [index, command] of operation.commands.entries()) {
        const start = index === 0 ? { startTransaction: true } : {}
        const reply = await ask(client, sessioned({ ...command, autocommit: false, ...start }, number))
        if (reply === undefined) return
        expectDone(reply, operation)
      }
    }
    current.sentAll = true
    const reply = await ask(client, endOf(current))
    if (reply === undefined) return
    expectDone(reply, operation)
    current.reply = reply
    state = operation.after
  }

  /** Writes until the server is gone; answers how many writes were acknowledged. */
  const write = async (port: number): Promise<number> => {
    const client = await connectRaw(port)
    let acknowledged = 0
    while (!client.socket.destroyed) {
      serial++
      const operation = nextOperation({ writer, serial, random, state })
      attempt = { operation, before: state, number: serial, sentAll: false, reply: undefined }
      await perform(client, attempt)
      if (attempt.reply === undefined) break
      acknowledged++
    }
    client.end()
    return acknowledged
  }

  const isState = (found: State, expected: State): boolean => show(found) === show(expected)

  const differs = (found: State, { operation, before }: Attempt): never =>
    fail(`after a ${operation.name} writer ${writer} has neither the state before nor the one after`, {
      found: show(found),
      before: show(before),
      after: show(operation.after),
    })

  /** Sends the last command again, as a driver does that got no answer: it must have happened once, not twice. */
  const retry = async (client: Client, current: Attempt, happened: boolean): Promise<boolean> => {
    const { operation, reply: known } = current
    const reply = await client.send(endOf(current))
    const lost = isTransaction(operation) && reply.ok !== 1 && reply.code === 251
    if (lost && happened) fail('a transaction that had happened is not known', reply)
    if (lost) return false
    expectDone(reply, operation)
    if (isTransaction(operation) && !happened) fail('a transaction that is not there is said to be committed', reply)
    if (known !== undefined && answerOf(known) !== answerOf(reply))
      fail('a retry was answered differently', [known, reply])
    return true
  }

  /** Compares what the server has with what it must have, and goes on from there. */
  const verify = async (port: number, read: () => Promise<State>): Promise<'none' | 'happened' | 'not'> => {
    if (attempt === undefined) return 'none'
    const { operation, before, sentAll, reply } = attempt
    const found = await read()
    const happened = isState(found, operation.after)
    if (!happened && (reply !== undefined || !isState(found, before))) differs(found, attempt)
    if (happened && !sentAll) fail('a transaction happened without its commit', show(found))
    state = found
    if (sentAll) {
      const client = await connectRaw(port)
      const done = await retry(client, attempt, happened)
      client.end()
      state = done ? operation.after : before
      const again = await read()
      if (!isState(again, state)) differs(again, attempt)
    }
    if (reply !== undefined) return 'none'
    return happened ? 'happened' : 'not'
  }

  return { writer, write, verify }
}

export type Writer = ReturnType<typeof makeWriter>

const show = ({ rows, notes, count }: State): string =>
  JSON.stringify({
    rows: [...rows.values()].sort((one, other) => (one._id < other._id ? -1 : 1)),
    notes: [...notes].sort(),
    count,
  })
