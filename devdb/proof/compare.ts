import fc from 'fast-check'
import { connectServer, type ProofServer, show } from './servers.ts'
import { type Step, stepsOf } from './steps.ts'

export type Options = { readonly seed?: number; readonly runs: number }

/** The first step two servers answer differently, with all that led to it. */
export type Difference = {
  readonly seed: number
  readonly steps: readonly Step[]
  readonly command: unknown
  readonly first: string
  readonly second: string
}

type Clash = Omit<Difference, 'seed' | 'steps'>

const clashAt = async (step: Step, one: ProofServer, other: ProofServer): Promise<Clash | undefined> => {
  const [left, right] = [await one.run(step), await other.run(step)]
  for (const [index, { command, reply }] of left.entries()) {
    const [first, second] = [show(reply), show(right[index]?.reply ?? {})]
    if (first !== second) return { command, first, second }
  }
  return undefined
}

/** Runs the steps on two empty databases until the answers differ. */
const firstClash = async (steps: readonly Step[], one: ProofServer, other: ProofServer): Promise<Clash | undefined> => {
  await Promise.all([one.reset(), other.reset()])
  for (const step of steps) {
    const clash = await clashAt(step, one, other)
    if (clash !== undefined) return clash
  }
  return undefined
}

/**
 * Asks two servers the same random commands, as often as `runs` says; answers the smallest difference found, undefined
 * when there is none. Transactions are among the commands when both servers have them.
 */
export const findDifference = async (urls: readonly [string, string], { seed, runs }: Options) => {
  // The URLs may lead to one server.
  const databases = [`proof_${process.pid}_first`, `proof_${process.pid}_second`] as const
  const [one, other] = await Promise.all([connectServer(urls[0], databases[0]), connectServer(urls[1], databases[1])])
  try {
    const steps = stepsOf({ transactions: one.hasTransactions && other.hasTransactions })
    const property = fc.asyncProperty(steps, async (given) => (await firstClash(given, one, other)) === undefined)
    const result = await fc.check(property, { numRuns: runs, ...(seed !== undefined && { seed }) })
    if (!result.failed) return undefined
    const [smallest = []] = result.counterexample ?? []
    const clash = await firstClash(smallest, one, other)
    if (clash === undefined)
      throw new Error(`a difference of seed ${result.seed} did not come again: ${show(smallest)}`)
    return { seed: result.seed, steps: smallest, ...clash }
  } finally {
    await Promise.all([one.close(), other.close()])
  }
}
