import { setTimeout } from 'node:timers/promises'
import type { Snapshot } from '../commands/dumpState/snapshot.ts'
import { isClean, report, verify } from '../commands/verify/verify.ts'

/** A shop is healthy again a minute after its last trouble (I11). */
const patienceMs = 60_000
const pauseMs = 250

/** Lets a shop come to rest: the first snapshot in which every promise holds. @throws with the report when none comes in time. */
export const settled = async (take: () => Promise<Snapshot>, withinMs = patienceMs): Promise<Snapshot> => {
  const until = performance.now() + withinMs
  for (;;) {
    const snapshot = await take()
    const verdicts = verify(snapshot)
    const open = snapshot.orders.some(({ state, waitsForBuyer }) => state === 'pending' && !waitsForBuyer)
    if (isClean(verdicts) && !open) return snapshot
    if (performance.now() > until) throw new Error(`no rest within ${withinMs} ms\n${report(verdicts)}`)
    await setTimeout(pauseMs)
  }
}
