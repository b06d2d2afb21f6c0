import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { BulkheadFull } from './bulkhead.ts'
import type { SignedCall, SubgraphEndpoint } from './call.ts'
import { isUnsent } from './connectionErrors.ts'
import { Away } from './presence.ts'
import { LeftAlone } from './protectedEndpoint.ts'

/** Longer than a process that is told to stop goes on serving (`DRAIN_MS`), so that nothing is on its way to it when its port closes. */
const restWhenStopping: Millis = seconds(10)
/** Nobody listens there: it is tried again soon, since a process starts within seconds. */
const restWhenAway: Millis = seconds(1)

const isNotConnected = (error: unknown): boolean => error instanceof Away || isUnsent(error)

/** The call has certainly not arrived: another replica may be given it, whatever it is. */
const hasNotArrived = (error: unknown): boolean =>
  error instanceof LeftAlone || error instanceof BulkheadFull || isNotConnected(error)

/** The processes of one subgraph, as far as they are known now. */
export interface Replicas {
  readonly all: () => readonly SubgraphEndpoint[]
  readonly stop: () => Promise<void>
}

/**
 * Several processes of one subgraph as one endpoint. Calls go round; one that a replica certainly did not get is given to the next, and a
 * query also when its answer was lost. A mutation that may have arrived is never sent twice (rule R20). A replica that says it is stopping,
 * or where nobody listens, rests; when all rest they are asked all the same.
 */
export const spreadOver = (replicas: Replicas, clock: Clock): SubgraphEndpoint => {
  const restsUntil = new WeakMap<SubgraphEndpoint, Millis>()
  let turn = 0

  /** All of them, the next in turn first, those that rest last. */
  const inTurn = (): SubgraphEndpoint[] => {
    const all = replicas.all()
    turn = (turn + 1) % Math.max(1, all.length)
    const ordered = [...all.slice(turn), ...all.slice(0, turn)]
    const now = clock.now()
    const rests = (one: SubgraphEndpoint): boolean => (restsUntil.get(one) ?? 0) > now
    return [...ordered.filter((one) => !rests(one)), ...ordered.filter(rests)]
  }

  const ask = async (replica: SubgraphEndpoint, call: SignedCall) => {
    try {
      const response = await replica.execute(call)
      if (response.isStopping) restsUntil.set(replica, clock.now() + restWhenStopping)
      return response
    } catch (error) {
      if (isNotConnected(error)) restsUntil.set(replica, clock.now() + restWhenAway)
      throw error
    }
  }

  return {
    execute: async (call) => {
      const [first, ...others] = inTurn()
      if (!first) throw new LeftAlone('there is no replica', 0)
      let last: unknown
      for (const replica of [first, ...others]) {
        try {
          return await ask(replica, call)
        } catch (error) {
          last = error
          const mayGoOn = !call.signal?.aborted && (call.kind === 'query' || hasNotArrived(error))
          if (!mayGoOn) throw error
        }
      }
      throw last
    },
    subscribe: async (call) => {
      const [first] = inTurn()
      if (!first) throw new LeftAlone('there is no replica', 0)
      return first.subscribe(call)
    },
    stop: replicas.stop,
  }
}
