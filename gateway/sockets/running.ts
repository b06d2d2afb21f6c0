import type { ExecutionResult } from 'graphql'
import { MessageType, type SubscribeMessage } from 'graphql-ws'
import type { Client } from '#platform/auth.ts'
import { takenBack } from '#platform/call.ts'
import type { Identity } from '../auth.ts'
import { socketLimits } from '../guard/limits.ts'
import { type Operations, refusals } from './operations.ts'
import type { Outlet } from './outlet.ts'
import type { SessionWatch } from './sessionWatch.ts'

/** One operation, from `subscribe` until either side ends it. */
interface Operation {
  readonly id: string
  /** The client has left, or the operation is over: nothing more is said about it. */
  ended: boolean
  /** Frees what feeds it. */
  release: () => void
}

export interface RunningDeps {
  readonly outlet: Outlet
  readonly client: Client
  readonly operations: Operations
  readonly sessions: SessionWatch
}

/** The operations of one socket, each on its own: what happens to one does not touch the others. */
export const makeRunning = ({ outlet, client, operations, sessions }: RunningDeps) => {
  const running = new Map<string, Operation>()

  const end = (operation: Operation): void => {
    operation.ended = true
    // A client may use the id again as soon as it has ended the operation: then the entry is another one's.
    if (running.get(operation.id) === operation) running.delete(operation.id)
    operation.release()
  }

  const tell = async ({ id, ended }: Operation, type: MessageType, payload?: unknown): Promise<void> => {
    if (!ended) await outlet.send({ id, type, payload })
  }

  const tellResult = async ({ id, ended }: Operation, result: ExecutionResult): Promise<void> => {
    if (!ended) await outlet.sendResult(id, result)
  }

  const endWith = async (operation: Operation, type: MessageType, payload?: unknown): Promise<void> => {
    const told = tell(operation, type, payload)
    end(operation)
    await told
  }

  /** The next result is fetched when the last one has left the process: a slow reader slows down its own source and nobody else. */
  const pump = async (operation: Operation, results: AsyncIterable<ExecutionResult>): Promise<void> => {
    const items = results[Symbol.asyncIterator]()
    const release = operation.release
    operation.release = () => {
      release()
      // A source that cannot be left has nobody who listens to it any more; there is nothing else to do about it.
      void items.return?.().then(undefined, () => undefined)
    }
    if (operation.ended) return operation.release()
    for (let item = await items.next(); !item.done && !operation.ended; item = await items.next())
      await tellResult(operation, operations.maskResult(item.value))
    await endWith(operation, MessageType.Complete)
  }

  const run = async (operation: Operation, asking: Parameters<Operations['open']>[0]): Promise<void> => {
    const opened = await operations.open(asking)
    if (opened.kind === 'refused') return endWith(operation, MessageType.Error, opened.errors)
    if (opened.kind === 'answer') {
      await tellResult(operation, opened.result)
      return endWith(operation, MessageType.Complete)
    }
    // The socket's own identity is watched by the socket; one that came with the operation ends with it.
    if (opened.identity !== asking.identity) {
      const { release } = operation
      const unwatch = sessions.watch(
        opened.identity,
        () => void endWith(operation, MessageType.Error, [refusals.token]),
      )
      operation.release = () => {
        unwatch()
        release()
      }
    }
    return pump(operation, opened.results)
  }

  return {
    count: (): number => running.size,

    has: (id: string): boolean => running.has(id),

    /** Never rejects: a fault is told to the client, masked, as the end of this operation. */
    start: async ({ id, payload }: SubscribeMessage, identity: Identity): Promise<void> => {
      if (running.size >= socketLimits.operationsPerSocket)
        return outlet.send({ id, type: MessageType.Error, payload: [refusals.tooMany] })
      const over = new AbortController()
      const operation: Operation = { id, ended: false, release: () => over.abort(takenBack) }
      running.set(id, operation)
      try {
        await run(operation, { payload, identity, client, signal: over.signal })
      } catch (fault) {
        if (!operation.ended) await endWith(operation, MessageType.Error, [operations.maskFault(fault)])
      }
    },

    /** The client has left: nothing more is sent, and the source is freed at once, also one that is silent. */
    leave: (id: string): void => {
      const operation = running.get(id)
      if (operation) end(operation)
    },

    leaveAll: (): void => {
      for (const operation of running.values()) end(operation)
    },
  }
}
