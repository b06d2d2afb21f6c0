import { expect, onTestFinished, test } from 'vitest'
import { makeLog } from '../log.ts'
import { holderName, isGone } from './holder.ts'
import { type LeaseRow, type LeaseStore, makeLeases } from './leases.ts'

/** The collection, as one process. */
const makeRows = () => {
  const rows = new Map<string, LeaseRow>()
  const ofHolder = (holder: string, change: (row: LeaseRow) => LeaseRow) => {
    for (const row of rows.values()) if (row.holder === holder) rows.set(row._id, change(row))
  }
  const store: LeaseStore = {
    all: async () => [...rows.values()],
    beat: async (holder) => ofHolder(holder, (row) => ({ ...row, beat: row.beat + 1 })),
    take: async (name, seen, holder) => {
      const now = rows.get(name) ?? null
      if (now?.fence !== seen?.fence || now?.beat !== seen?.beat || now?.holder !== seen?.holder) return false
      rows.set(name, { _id: name, holder, fence: (seen?.fence ?? 0) + 1, beat: 0 })
      return true
    },
    giveBack: async (holder) => ofHolder(holder, (row) => ({ ...row, holder: null })),
  }
  return { rows, store }
}

const start = () => {
  let now = 0
  const { rows, store } = makeRows()
  const dead = new Set<string>()
  const join = (holder: string, over: LeaseStore = store) => {
    const leases = makeLeases({
      store: over,
      holder,
      isGone: (other) => dead.has(other),
      log: makeLog('silent'),
      ttlMs: 5_000,
      everyMs: 1_000_000,
      monotonic: () => now,
    })
    onTestFinished(() => leases.stop())
    leases.want('relay')
    return leases
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { rows, store, dead, join, pass }
}

const both = async (...all: { go(): Promise<void> }[]) => {
  for (const leases of all) await leases.go()
}

test('given two processes, then one of them holds the lease as long as it lives', async () => {
  const { join, pass } = start()
  const [one, two] = [join('one'), join('two')]
  for (let round = 0; round < 20; round++) {
    await both(one, two)
    expect([one.get('relay')?.fence, two.get('relay')]).toEqual([1, null])
    pass(1_000)
  }
})

test('given a holder that falls silent, then it gives up before another one takes over, within 10 s, with a higher fence (R8)', async () => {
  const { join, pass } = start()
  const [one, two] = [join('one'), join('two')]
  await both(one, two)
  const lease = one.get('relay')!
  let waited = 0
  for (; !two.get('relay'); waited += 1_000) {
    expect(waited).toBeLessThan(10_000)
    pass(1_000)
    await two.go()
    expect(lease.isHeld() && two.get('relay') !== null).toBe(false)
  }
  expect(two.get('relay')?.fence).toBe(2)
  // It wakes, and finds out (F3).
  expect(one.get('relay')).toBeNull()
  await both(one, two)
  expect([one.get('relay'), two.get('relay')?.fence]).toEqual([null, 2])
})

test('given a holder that stops, then another one has the lease at its next round', async () => {
  const { join } = start()
  const [one, two] = [join('one'), join('two')]
  await both(one, two)
  await one.stop()
  expect(one.get('relay')).toBeNull()
  await two.go()
  expect(two.get('relay')?.fence).toBe(2)
})

test('given a holder that is certainly no more, then nobody waits for it', async () => {
  const { dead, join } = start()
  const [one, two] = [join('one'), join('two')]
  await both(one, two)
  dead.add('one')
  await two.go()
  expect(two.get('relay')?.fence).toBe(2)
})

test('given a store that is away, then the lease ends here in time, and is held again when the store is back', async () => {
  const { store, join, pass } = start()
  let isAway = false
  const flaky = {
    ...store,
    beat: async (holder: string) => (isAway ? Promise.reject(new Error('away')) : store.beat(holder)),
  }
  const one = join('one', flaky)
  await one.go()
  isAway = true
  pass(4_000)
  await one.go()
  expect(one.get('relay')?.fence).toBe(1)
  pass(1_000)
  expect(one.get('relay')).toBeNull()
  isAway = false
  await one.go()
  expect(one.get('relay')?.fence).toBe(1)
})

test('given a take whose answer was lost, then its row is found to be ours, and is held (R3)', async () => {
  const { store, join } = start()
  const lossy = {
    ...store,
    take: async (...args: Parameters<LeaseStore['take']>) => {
      await store.take(...args)
      throw new Error('no answer')
    },
  }
  const one = join('one', lossy)
  await one.go()
  expect(one.get('relay')).toBeNull()
  await one.go()
  expect(one.get('relay')?.fence).toBe(1)
})

test('given two that see a free lease at the same moment, then one gets it', async () => {
  const { rows, join } = start()
  const all = ['one', 'two', 'three'].map((name) => join(name))
  await Promise.all(all.map((leases) => leases.go()))
  expect(all.filter((leases) => leases.get('relay'))).toHaveLength(1)
  expect(rows.get('relay')?.fence).toBe(1)
})

test('given a holder of this machine, then it is gone when there is no such process; of others nobody knows', () => {
  expect(isGone(holderName('a'))).toBe(false)
  // The highest process number that Linux gives is 4194304.
  expect(isGone(holderName('a').replace(/ \d+ a$/, ' 4194305 a'))).toBe(true)
  expect(isGone('elsewhere/pid:[1] 4194305 a')).toBe(false)
  expect(isGone('who knows')).toBe(false)
})
