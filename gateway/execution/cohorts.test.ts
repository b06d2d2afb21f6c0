import type { ExecutionResult } from 'graphql'
import { expect, test } from 'vitest'
import { type Channel, makeChannel } from '#platform/streams.ts'
import { makeCohorts } from './cohorts.ts'

const numbered = (seq: number): ExecutionResult => ({ data: { seq } })
const seqOf = ({ value }: IteratorResult<ExecutionResult>): unknown => value?.data?.seq

/** Streams that begin with the present state, like those of the shop. */
const start = () => {
  const join = makeCohorts()
  const sources: Channel<ExecutionResult>[] = []
  let present = 0
  let left = 0
  const begin = async () => {
    const source = makeChannel<ExecutionResult>(1_000, () => {
      left += 1
    })
    source.push(numbered(present))
    sources.push(source)
    return source
  }
  return {
    join: (key = 'stock') => join(key, begin),
    joinWith: join,
    opened: () => sources.length,
    left: () => left,
    change: () => {
      present += 1
      for (const source of sources) source.push(numbered(present))
    },
    endAll: () => {
      for (const source of sources) source.end()
    },
  }
}

test('given 500 who ask at once, then there is one stream, and each is told all of it in order, in one object for all (L3)', async () => {
  const { join, opened, change } = start()
  const members = Array.from({ length: 500 }, () => join())
  const [first] = await Promise.all(members.map((member) => member.next()))
  change()
  const second = await Promise.all(members.map((member) => member.next()))
  expect(opened()).toBe(1)
  expect(first!.value).toEqual(numbered(0))
  expect(new Set(second.map(({ value }) => value))).toEqual(new Set([numbered(1)]))
  expect(second.every(({ value }) => value === second[0]!.value)).toBe(true)
})

test('given somebody who asks while a stream is open, then another begins: its first state is not older than the question (R15)', async () => {
  const { join, opened, change } = start()
  const early = join()
  await early.next()
  change()
  const late = join()
  expect(seqOf(await late.next())).toBe(1)
  expect(opened()).toBe(2)
  change()
  expect([seqOf(await early.next()), seqOf(await early.next()), seqOf(await late.next())]).toEqual([1, 2, 2])
})

test('given who may see something else, or watches something else, then nothing is shared', async () => {
  const { join, opened } = start()
  await Promise.all([join('public').next(), join('seller').next()])
  expect(opened()).toBe(2)
})

test('given a silent stream, when the last member leaves, then it is left at once; the others before it leave it open', async () => {
  const { join, left } = start()
  const members = [join(), join()]
  await Promise.all(members.map((member) => member.next()))
  const waiting = members.map((member) => member.next())
  await members[0]!.return!()
  expect(left()).toBe(0)
  await members[1]!.return!()
  await expect.poll(left).toBe(1)
  expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true])
})

test('given members who leave before their stream is open, then it is not opened', async () => {
  const { join, opened } = start()
  await join().return!()
  await join('other').next()
  expect(opened()).toBe(1)
})

test('given a member that reads nothing while 100 changes come, then the others hear each, and it goes on with the present state (L6, R13)', async () => {
  const { join, opened, change } = start()
  const [slow, quick] = [join(), join()]
  await slow.next()
  const heard = [seqOf(await quick.next())]
  for (let n = 1; n <= 100; n += 1) {
    change()
    heard.push(seqOf(await quick.next()))
  }
  expect(heard).toEqual(Array.from({ length: 101 }, (_, n) => n))
  const late: unknown[] = []
  while (late.at(-1) !== 100) late.push(seqOf(await slow.next()))
  expect(late).toEqual([...late].sort((a, b) => Number(a) - Number(b)))
  expect(late.length).toBeLessThan(20)
  expect(opened()).toBe(2)
})

test('given a stream that ends, or cannot be opened, then each member is told so and is at its end', async () => {
  const { join, endAll, joinWith } = start()
  const member = join()
  await member.next()
  endAll()
  expect((await member.next()).done).toBe(true)
  const fails = () => Promise.reject(new Error('no subgraph'))
  const lost = [joinWith('lost', fails), joinWith('lost', fails)]
  for (const each of lost) {
    expect((await each.next()).value).toMatchObject({ errors: [{ originalError: { message: 'no subgraph' } }] })
    expect((await each.next()).done).toBe(true)
  }
})
