import { setTimeout } from 'node:timers/promises'
import type { SharingFleet } from './fleet.ts'

type Hands = Pick<SharingFleet, 'server' | 'line'>

/** A way in which Redis may be missing, and how all is well again afterwards. */
export interface Phase {
  readonly name: string
  /** The share of the time given that it lasts. */
  readonly share: number
  /** Whether it happens to any master, behind Sentinel and in a Cluster too. */
  readonly anywhere?: true
  readonly begin: (hands: Hands) => Promise<unknown>
  /** Done again every two seconds while it lasts. */
  readonly again?: (hands: Hands) => Promise<unknown>
  readonly end: (hands: Hands) => Promise<unknown>
  /** What Redis says of it, before its end. */
  readonly note?: (hands: Hands) => Promise<string>
}

const nothing = async (): Promise<void> => undefined

const comeBackEmpty = async ({ server }: Hands): Promise<void> => {
  await server.kill()
  await server.startAgain()
}

/** A number of `INFO`. */
const read = async ({ server }: Hands, name: string): Promise<number> =>
  Number((await server.say(`EVAL "return tonumber(string.match(redis.call('INFO'), '${name}:(%d+)'))" 0`)).slice(1))

/** Hardly more than there is, so that most of what is written makes something else go; less, and buffers of connections leave room for nothing. */
const tight = async (hands: Hands): Promise<void> => {
  const room = (await read(hands, 'used_memory')) + 30_000
  await hands.server.say('CONFIG SET maxmemory-policy allkeys-lru')
  await hands.server.say(`CONFIG SET maxmemory ${room}`)
}

/** F7, each way of it. The first two last as long as the promise says. */
export const phases: readonly Phase[] = [
  {
    name: 'killed',
    share: 1,
    anywhere: true,
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.startAgain(),
  },
  {
    name: 'hung',
    share: 1,
    anywhere: true,
    begin: async ({ server }) => server.hang(),
    end: async ({ server }) => server.goOn(),
  },
  {
    name: 'slow: 200 ms',
    share: 0.5,
    begin: async ({ line }) => line.delayBy(200),
    end: async ({ line }) => line.mend(),
  },
  {
    name: 'emptied every 2 s',
    share: 0.35,
    begin: nothing,
    again: ({ server }) => server.say('FLUSHALL'),
    end: nothing,
  },
  { name: 'restarted empty every 2 s', share: 0.35, begin: nothing, again: comeBackEmpty, end: nothing },
  {
    name: 'evicting',
    share: 0.35,
    begin: tight,
    note: async (hands) => `, ${await read(hands, 'evicted_keys')} keys`,
    end: ({ server }) => server.say('CONFIG SET maxmemory 0'),
  },
]

const againEvery = 2_000

/** Plays a phase for so long; well again when it settles. @returns its name, with what Redis says of it. */
export const play = async ({ name, begin, again, note, end }: Phase, hands: Hands, ms: number): Promise<string> => {
  const until = performance.now() + ms
  await begin(hands)
  try {
    while (performance.now() < until) {
      await again?.(hands)
      await setTimeout(Math.min(againEvery, Math.max(0, until - performance.now())))
    }
    return name + ((await note?.(hands)) ?? '')
  } finally {
    await end(hands)
  }
}
