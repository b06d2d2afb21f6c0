import { expect, test } from 'vitest'
import type { Queue } from './queue.ts'

/** What every queue must do; run by the tests of each adapter. `make` gives a queue that does not pause between attempts. */
export const queueContract = (name: string, make: () => Promise<Queue>): void => {
  test(`${name}: given jobs added in order, when a worker comes, then it gets them in order, one at a time (I17)`, async () => {
    const queue = await make()
    const seen: string[] = []
    let running = 0
    const all = Promise.all(['1', '2', '3'].map((id) => queue.add('mail', { id, payload: id })))
    queue.work('mail', async (job) => {
      running += 1
      expect(running).toBe(1)
      await Promise.resolve()
      seen.push(job.id)
      running -= 1
    })
    expect(await all).toEqual([{ status: 'done' }, { status: 'done' }, { status: 'done' }])
    expect(seen).toEqual(['1', '2', '3'])
    await queue.stop()
  })

  test(`${name}: given a job that fails twice, when it is tried again, then it is done once (I16)`, async () => {
    const queue = await make()
    let tries = 0
    queue.work('mail', async () => {
      tries += 1
      if (tries < 3) throw new Error('not yet')
    })
    expect(await queue.add('mail', { id: 'a', payload: null })).toEqual({ status: 'done' })
    expect(tries).toBe(3)
    await queue.stop()
  })

  test(`${name}: given a poison job, when all attempts fail, then it is dead with its reason and the next goes on (F11)`, async () => {
    const queue = await make()
    queue.work('mail', async (job) => {
      if (job.id === 'poison') throw new Error('cannot be read')
    })
    const [poison, next] = await Promise.all([
      queue.add('mail', { id: 'poison', payload: null }),
      queue.add('mail', { id: 'ok', payload: null }),
    ])
    expect(poison).toEqual({ status: 'dead', reason: 'cannot be read' })
    expect(next).toEqual({ status: 'done' })
    await queue.stop()
  })

  test(`${name}: given a worker with more attempts than others, when its job fails, then it has them (money: 12)`, async () => {
    const queue = await make()
    let tries = 0
    queue.work(
      'refunds',
      async () => {
        tries += 1
        throw new Error('not yet')
      },
      { attempts: 12, pause: 0, maxPause: 0 },
    )
    expect(await queue.add('refunds', { id: 'a', payload: null })).toEqual({ status: 'dead', reason: 'not yet' })
    expect(tries).toBe(12)
    await queue.stop()
  })

  test(`${name}: given a job that waits, when the same id is added again, then it runs once`, async () => {
    const queue = await make()
    let runs = 0
    const both = Promise.all([queue.add('mail', { id: 'x', payload: 1 }), queue.add('mail', { id: 'x', payload: 1 })])
    queue.work('mail', async () => {
      runs += 1
    })
    await both
    expect(runs).toBe(1)
    await queue.stop()
  })

  test(`${name}: given a job between two attempts, when others wait behind it, then they pass (F11)`, async () => {
    const queue = await make()
    const seen: string[] = []
    const all = Promise.all(['poison', 'a', 'b'].map((id) => queue.add('mail', { id, payload: null })))
    queue.work('mail', async ({ id }) => {
      seen.push(id)
      if (id === 'poison' && seen.filter((other) => other === 'poison').length < 3) throw new Error('not yet')
    })
    expect(await all).toEqual([{ status: 'done' }, { status: 'done' }, { status: 'done' }])
    expect(seen.slice(0, 3)).toEqual(['poison', 'a', 'b'])
    expect(seen.filter((id) => id === 'poison')).toHaveLength(3)
    await queue.stop()
  })
}
