import { expect, test } from 'vitest'
import type { DeadLetter } from '#platform/outbox/source.ts'
import { makeManualClock } from '../../platform/kernel/time.ts'
import { runOutbox } from './run.ts'

const clock = makeManualClock()

/** Two queues, one of them with a dead letter. */
const start = () => {
  const written = { out: '', err: '', opened: 0 }
  let letters: DeadLetter[] = [{ id: 'evt_1', type: 'OrderConfirmed', aggregateId: 'ord_1', reason: 'cannot be read' }]
  const queue = (name: string, dead: () => DeadLetter[]) => ({
    name,
    depth: async () => ({ pending: 2, dead: dead().length, oldestAt: clock.now() - 1_500 }),
    dead: async () => dead(),
    replay: async (id: string | null) => {
      const meant = dead().filter((letter) => id === null || letter.id === id)
      letters = letters.filter((letter) => !meant.includes(letter))
      return meant.length
    },
  })
  const queues = [queue('orders', () => letters), queue('mails', () => [])]
  const run = (...args: string[]) =>
    runOutbox({
      args,
      clock,
      open: async () => {
        written.opened += 1
        return { queues, stop: async () => undefined }
      },
      out: {
        write: (text) => {
          written.out += text
        },
      },
      err: {
        write: (text) => {
          written.err += text
        },
      },
    })
  return { run, written }
}

test('given a dead letter, when the outbox is shown, then depth, lag, the letter and its reason are told', async () => {
  const { run, written } = start()
  expect(await run()).toBe(0)
  expect(written.out).toContain('      2      1        1.5  orders')
  expect(written.out).toContain('given up in orders: evt_1 OrderConfirmed of ord_1: cannot be read')
})

test('given a dead letter, when it is replayed, then it is on its way; once more there is none (F11)', async () => {
  const { run, written } = start()
  expect(await run('replay', '--queue', 'mails')).toBe(0)
  expect(await run('replay', '--event', 'evt_1')).toBe(0)
  expect(written.out).toMatch(/^0 on the way again.*\n1 on the way again/)
  expect(await run('replay', '--event', 'evt_1')).toBe(1)
  expect(await run('replay', '--queue', 'nowhere')).toBe(1)
})

test.each([[['bury']], [['--queue', 'orders']], [['replay', 'all']], [['--what']]])(
  'given %j, then the usage is shown and the shop is not opened',
  async (args) => {
    const { run, written } = start()
    expect(await run(...args)).toBe(2)
    expect(written.err).toContain('npm run outbox')
    expect(written.opened).toBe(0)
  },
)
