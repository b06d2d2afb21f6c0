import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { makeMemoryBus } from '../bus/memory.ts'
import type { CommitListener } from '../outbox/source.ts'
import { makeCopies } from './copies.ts'
import { endWhenChanged } from './invalidation.ts'
import { makeMemoryCache } from './memory.ts'

/** Two processes that copy the same document and hear each other; the clock stands still. */
const startTwo = () => {
  const clock = makeManualClock()
  const bus = makeMemoryBus()
  const stored = { name: 'first' }
  const start = () => {
    const commits: CommitListener[] = []
    const copies = makeCopies<string>({ name: 'names', clock, cache: makeMemoryCache(clock) })
    const outbox = { onCommit: (listener: CommitListener) => void commits.push(listener) }
    endWhenChanged({ bus, topic: 'names changed', outbox, copies: [copies] })
    return {
      read: async () => (await copies.read(['a'], async () => new Map([['a', stored.name]]))).get('a')?.value,
      write: (name: string) => {
        stored.name = name
        for (const told of commits) told()
      },
    }
  }
  return { clock, stored, one: start(), other: start() }
}

test('given two processes with copies, when one commits a change, then neither shows the old copy any more', async () => {
  const { one, other } = startTwo()
  expect([await one.read(), await other.read()]).toEqual(['first', 'first'])
  one.write('second')
  expect([await one.read(), await other.read()]).toEqual(['second', 'second'])
})

test('given a change that nobody tells, then the copies end by their age (R12)', async () => {
  const { clock, stored, one } = startTwo()
  await one.read()
  stored.name = 'second'
  expect(await one.read()).toBe('first')
  clock.advance(1_000)
  expect(await one.read()).toBe('second')
})
