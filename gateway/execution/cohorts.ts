import { type ExecutionResult, GraphQLError } from 'graphql'
import { type Channel, makeChannel } from '#platform/streams.ts'
import { makePace } from '../pace.ts'

/** Opens a stream that begins with the present state. */
type Begin = () => Promise<AsyncIterable<ExecutionResult>>

/** Results that wait for one subscriber. All members have the same ones, so they cost memory once, however many are behind. */
const maxWaiting = 16

/** When a cohort has begun, the next one gathers for so long: 10,000 who come back within 5 s are 100 streams. */
const gatherMs = 50

/** Results handed over before whoever else waits for the process gets a turn: about 10 ms of writing to sockets. */
const perTurn = 200

interface Member {
  readonly channel: Channel<ExecutionResult>
  /** It read too slowly: its channel is over, though the stream goes on. */
  isBehind: boolean
}

/** Those who share one stream. */
interface Cohort {
  readonly members: Set<Member>
  /** Lets go of the stream when nobody is there any more. */
  leave: () => void
}

const ended = { done: true, value: undefined } as const

const failed = (fault: unknown): ExecutionResult => ({
  errors: [
    fault instanceof GraphQLError ? fault : new GraphQLError('A stream has failed.', { originalError: fault as Error }),
  ],
})

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

/**
 * Equal public subscriptions that begin at the same time share one stream and its results. Whoever comes while a stream is open waits for
 * the next one and does not join it: a stream begins with a state that is read after all of its members have asked, so nobody misses a
 * change, and nothing is remembered for late comers. Who reads too slowly for the others begins anew with the present state.
 */
export const makeCohorts = () => {
  const gathering = new Map<string, Cohort>()
  const resting = new Map<string, Promise<void>>()
  const pace = makePace(perTurn)

  const rest = (key: string): void => {
    const over = pause(gatherMs).then(() => {
      if (resting.get(key) === over) resting.delete(key)
    })
    resting.set(key, over)
  }

  const tell = async ({ members }: Cohort, result: ExecutionResult): Promise<void> => {
    for (const member of members) {
      await pace()
      // Without room for it the member has lost this result, and begins anew.
      if (members.has(member) && !member.channel.push(result)) {
        member.isBehind = true
        members.delete(member)
      }
    }
  }

  const follow = async (cohort: Cohort, begin: Begin): Promise<void> => {
    const items = (await begin())[Symbol.asyncIterator]()
    // A source that cannot be left has nobody who listens to it any more; there is nothing else to do about it.
    cohort.leave = () => void items.return?.().then(undefined, () => undefined)
    while (cohort.members.size > 0) {
      const item = await items.next()
      if (item.done) return
      await tell(cohort, item.value)
    }
    cohort.leave()
  }

  const start = async (key: string, cohort: Cohort, begin: Begin): Promise<void> => {
    await (resting.get(key) ?? nextTurn())
    gathering.delete(key)
    if (cohort.members.size === 0) return
    rest(key)
    await follow(cohort, begin).catch((fault: unknown) => tell(cohort, failed(fault)))
    for (const { channel } of cohort.members) channel.end()
  }

  const gather = (key: string, begin: Begin): Cohort => {
    const cohort: Cohort = { members: new Set(), leave: () => undefined }
    gathering.set(key, cohort)
    void start(key, cohort, begin)
    return cohort
  }

  const enter = (key: string, begin: Begin): Member => {
    const cohort = gathering.get(key) ?? gather(key, begin)
    const leave = (): void => {
      if (cohort.members.delete(member) && cohort.members.size === 0) cohort.leave()
    }
    const member: Member = { channel: makeChannel(maxWaiting, leave), isBehind: false }
    cohort.members.add(member)
    return member
  }

  /** A stream that is shared with those who ask for the same `key` at this moment; `begin` has to be as good for them. */
  return (key: string, begin: Begin): AsyncIterableIterator<ExecutionResult> => {
    let member = enter(key, begin)
    let isLeft = false
    return {
      next: async () => {
        const item = await member.channel.next()
        if (!item.done || !member.isBehind || isLeft) return item
        member = enter(key, begin)
        return member.channel.next()
      },
      return: async () => {
        isLeft = true
        await member.channel.return?.()
        return ended
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }
}
