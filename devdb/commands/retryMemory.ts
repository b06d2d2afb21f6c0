import type { Binary, Long } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { type Doc, isDoc, kindOf } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Store } from '../storage/store.ts'
import type { Reply } from './command.ts'

const maxSessions = 5000
const maxBytes = 8 * 1024 * 1024

type Remembered = { readonly number: bigint; readonly bytes: Buffer }

export type Statement = { readonly session: string; readonly number: bigint }

/** The identity of a retryable write; undefined when the command is none. */
export const statementOf = ({ lsid, txnNumber }: Doc): Statement | undefined => {
  if (txnNumber === undefined) return undefined
  if (!isDoc(lsid) || kindOf(lsid.id ?? null) !== 'binData')
    throw failure('InvalidOptions', 'Transaction number requires a session ID to also be specified')
  if (kindOf(txnNumber) !== 'long' && kindOf(txnNumber) !== 'int')
    throw failure('TypeMismatch', "BSON field 'txnNumber' is the wrong type, expected type 'long'")
  const number = typeof txnNumber === 'number' ? BigInt(txnNumber) : (txnNumber as Long).toBigInt()
  return { session: (lsid.id as Binary).toString('hex'), number }
}

/**
 * The replies of retryable writes, the last of each session: a driver that lost the answer sends the write again and
 * must get the same answer, not a second effect, even when the server died in between. Bounded; the session used longest ago is forgotten first.
 */
export const makeRetryMemory = (store: Store) => {
  const sessions = new Map<string, Remembered>()
  let held = 0

  const forget = (session: string): void => {
    held -= sessions.get(session)?.bytes.length ?? 0
    sessions.delete(session)
  }

  const keep = (session: string, remembered: Remembered): void => {
    forget(session)
    sessions.set(session, remembered)
    held += remembered.bytes.length
  }

  for (const { session, number, bytes } of store.replies()) keep(session, { number, bytes })

  return {
    recall: ({ session, number }: Statement): Reply | undefined => {
      const known = sessions.get(session)
      if (known === undefined || known.number < number) return undefined
      if (known.number === number) return decode(known.bytes)
      throw failure(
        'TransactionTooOld',
        `Retryable write with txnNumber ${number} is prohibited on session ${session} because a newer retryable write with txnNumber ${known.number} has already started on this session.`,
      )
    },
    remember: ({ session, number }: Statement, reply: Reply): void => {
      const bytes = encode(reply)
      keep(session, { number, bytes })
      // Nothing to be written means that the command changed nothing: then there is no effect to be repeated.
      if (store.settled() !== undefined) store.putReply(session, number, bytes)
      for (const oldest of sessions.keys()) {
        if (sessions.size <= maxSessions && held <= maxBytes) break
        forget(oldest)
        store.removeReply(oldest)
      }
    },
  }
}
