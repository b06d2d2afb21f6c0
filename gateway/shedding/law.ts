import { seconds } from '#kernel/time.ts'
import { type Class, classes } from './classes.ts'

/** Parameters table: shedding. */
export const sheddingNumbers = {
  /** Operations at once, as long as the process keeps up. */
  places: 200,
  /** Of these the class and those below it may hold: 30 % are kept for checkouts. */
  shares: { browse: 0.6, account: 0.7, checkout: 1 } satisfies Record<Class, number>,
  /** The process is late when one turn in a hundred of its event loop is: who is sent away waits for that turn, and hears it within 50 ms. */
  lateMs: 40,
  /** It is late as well when a step of an operation waits so long for its turn. */
  waitMs: 200,
  /** How often the number of places is thought over. */
  every: seconds(0.25),
  /** The least that is left of the places after a late span, and the part of all that comes back after a good one. */
  shrink: 0.4,
  grow: 0.05,
  /** Checkouts that may wait for a place, instead of being sent away at once. */
  line: 400,
  /** The least that the client waits before it comes again. */
  retryAfter: seconds(1),
}

export type SheddingNumbers = Readonly<typeof sheddingNumbers>

/** What is kept for checkouts however late the process is. */
const kept = ({ places, shares }: SheddingNumbers): number => Math.round(places * (1 - shares.account))

/** How late the process was in a span: above 1, too late. */
export const latenessOf = (loopMs: number, waitMs: number, numbers: SheddingNumbers): number =>
  Math.max(loopMs / numbers.lateMs, waitMs / numbers.waitMs)

/** Places for the next span: fewer in proportion while the process is late, a few more each time it is not; never below what checkouts keep. */
export const nextPlaces = (places: number, lateness: number, numbers: SheddingNumbers): number => {
  const wanted = lateness > 1 ? places * Math.max(numbers.shrink, 1 / lateness) : places + numbers.places * numbers.grow
  return Math.round(Math.min(numbers.places, Math.max(kept(numbers), wanted)))
}

/** Whether one more of this class fits beside those that are in. */
export const fits = (
  wanted: Class,
  inside: number,
  { places, numbers }: { places: number; numbers: SheddingNumbers },
) => inside < Math.max(1, Math.floor(places * numbers.shares[wanted]))

export const noneOfAny = (): Record<Class, number> =>
  Object.fromEntries(classes.map((name) => [name, 0])) as Record<Class, number>
