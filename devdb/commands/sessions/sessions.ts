import { Binary, type Long, UUID } from 'bson'
import { isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { LogicalTime } from '../../storage/logicalClock.ts'
import type { Reply } from '../command.ts'
import type { Image } from './retryRecords.ts'
import type { Transaction } from './transaction.ts'

const maxSessions = 10_000
const idleLimitMs = 30 * 60 * 1000

/** What a retryable write did, by the number of its statement; or the whole reply of a findAndModify. */
export type Remembered = {
  readonly number: bigint
  readonly results: Map<number, StatementResult>
  /** When it was committed; undefined while it changed nothing. */
  at: LogicalTime | undefined
}

/** What one statement of a write command did. */
export type StatementResult = {
  readonly n: number
  readonly nModified?: number
  readonly upserted?: Value
  /** A findAndModify answers with a document. */
  readonly reply?: Reply | undefined
  /** Where that document lies, when it was restored and not written twice. */
  readonly image?: Image
}

/** A logical session: at most one retryable write or one transaction of it is known, the latest. */
export type Session = {
  readonly id: string
  usedAt: number
  remembered: Remembered | undefined
  transaction: Transaction | undefined
}

/** The highest number a session has used. */
export const numberOf = ({ remembered, transaction }: Session): bigint | undefined => {
  if (remembered === undefined || transaction === undefined) return remembered?.number ?? transaction?.number
  return remembered.number > transaction.number ? remembered.number : transaction.number
}

const wrongLsid = (message: string): Error => failure('TypeMismatch', message)

/** The session of an `lsid`, as text; throws what MongoDB throws for what is none. */
export const sessionId = (lsid: Value): string => {
  if (!isDoc(lsid)) throw wrongLsid(`BSON field 'lsid' is the wrong type '${kindOf(lsid)}', expected type 'object'`)
  const { id } = lsid
  if (id === undefined)
    throw Object.assign(failure('FailedToParse', "BSON field 'lsid.id' is missing but a required field"), {
      code: 40414,
      codeName: 'Location40414',
    })
  if (!(id instanceof Binary) || id.sub_type !== Binary.SUBTYPE_UUID)
    throw wrongLsid(`BSON field 'lsid.id' is the wrong type '${kindOf(id)}', expected type 'binData'`)
  if (id.length() !== 16) throw failure('InvalidUUID', 'uuid must be a 16-byte binary field with UUID (4) subtype')
  const field = Object.keys(lsid).find((name) => !sessionFields.has(name))
  if (field !== undefined)
    throw Object.assign(failure('FailedToParse', `BSON field 'lsid.${field}' is an unknown field.`), {
      code: 40415,
      codeName: 'Location40415',
    })
  return id.toString('hex')
}

const sessionFields = new Set(['id', 'uid', 'txnNumber', 'txnUUID'])

/** The txnNumber of a command; throws as MongoDB does. */
export const transactionNumber = (value: Value): bigint => {
  const kind = kindOf(value)
  if (kind !== 'long' && kind !== 'int')
    throw failure('TypeMismatch', `BSON field 'txnNumber' is the wrong type '${kind}', expected type 'long'`)
  const number = typeof value === 'number' ? BigInt(value) : (value as Long).toBigInt()
  if (number < 0n) throw failure('InvalidOptions', 'Transaction number cannot be negative')
  return number
}

/** The sessions that clients use; bounded: the one unused for longest is forgotten first, open transactions never. */
export const makeSessions = (forgotten: (session: Session) => void, clock: () => number = Date.now) => {
  const sessions = new Map<string, Session>()

  const forget = (session: Session): void => {
    sessions.delete(session.id)
    forgotten(session)
  }

  const makeRoom = (): void => {
    const limit = clock() - idleLimitMs
    for (const session of sessions.values()) {
      if (sessions.size <= maxSessions && session.usedAt >= limit) break
      if (session.transaction?.state !== 'open') forget(session)
    }
  }

  return {
    /** The session of this id, made when it is new. */
    use: (id: string): Session => {
      const known = sessions.get(id)
      if (known !== undefined) {
        // Taken out and put back: the map is in the order of use.
        sessions.delete(id)
        sessions.set(id, known)
        known.usedAt = clock()
        return known
      }
      const session = { id, usedAt: clock(), remembered: undefined, transaction: undefined }
      sessions.set(id, session)
      makeRoom()
      return session
    },
    find: (id: string): Session | undefined => sessions.get(id),
    fresh: (): UUID => new UUID(),
    end: (id: string): void => {
      const session = sessions.get(id)
      if (session !== undefined) forget(session)
    },
    all: (): Session[] => [...sessions.values()],
    size: (): number => sessions.size,
  }
}

export type Sessions = ReturnType<typeof makeSessions>
