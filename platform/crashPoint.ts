/**
 * The places between two effects (rule R4), each with what has happened by then. A new await between two effects gets one; a
 * test holds this list and the calls together.
 */
export const crashPoints = {
  'orders.orderWritten': 'an order is on disk, none of its steps was taken',
  'orders.stepAnswered': 'a sibling has answered a step of the checkout, nothing of it is written',
  'orders.stepWritten': 'the outcome of a step is on disk, the next one is begun and not sent',
  'orders.numberGiven': 'an order is confirmed, its cart is open',
  'orders.turnedBack': 'the way back is on disk, nothing was taken back',
  'orders.undoAnswered': 'a sibling has answered a step of the way back, nothing of it is written',
  'orders.undoWritten': 'a step of the way back is on disk as done, the next one was not sent',
  'products.stockTaken': 'one variant of an order is held or claimed, or refused; the others wait',
  'products.partTaken': 'an order has a part of a variant at one location, the rest at another waits',
  'products.locationWritten': 'a location was changed, its stock does not follow yet',
  'products.stockGivenBack': 'an order was refused; one of its other variants is given back',
  'products.stockReleased': 'one variant of an order that is over is released',
  'products.stockRestocked': 'one variant of a canceled order is restocked',
  'payments.intentWritten': 'the intent of a provider call is on disk, the provider has not been called',
  'payments.answerReceived': 'the provider has answered, nothing of it is written',
  'payments.resultWritten': 'the answer, its ledger entry and its event are on disk, nobody was told',
  'payments.webhookStored': 'a webhook is in the inbox, and has changed nothing',
  'payments.webhookApplied': 'what a webhook told is in the ledger, the inbox does not know it yet',
  'payments.differenceFound': 'the books differ, nothing is mended or reported',
  'mails.written': 'a mail is composed, nobody has it',
  'mails.delivered': 'a mail server has taken a mail, nothing of it is written',
  'idempotency.begun': 'a key is taken, its work has not begun',
  'idempotency.workDone': 'the work of a key is done, its answer is not stored',
} as const

export type CrashPoint = keyof typeof crashPoints

const ways = ['kill', 'throw', 'hang'] as const
export type CrashWay = (typeof ways)[number]

/** Where and how to crash: at the `nth` time that the point is reached, once. */
export interface CrashPlan {
  readonly point: CrashPoint
  readonly nth: number
  readonly way: CrashWay
}

/** What a crash point throws. */
export class Crashed extends Error {
  override readonly name = 'Crashed'
}

const isPoint = (name: string): name is CrashPoint => Object.hasOwn(crashPoints, name)
const isWay = (text: string): text is CrashWay => ways.some((way) => way === text)

/**
 * Reads `name[:n][:kill|throw|hang]`, as `CRASH_AT` has it; without a way it is `kill`, without a number the first time.
 * @returns a sentence when it cannot be read.
 */
export const parseCrashPlan = (text: string): CrashPlan | string => {
  const [point = '', ...rest] = text.split(':')
  if (!isPoint(point)) return `"${point}" is not a crash point; see node start.ts --list-crash-points.`
  const nth = /^[1-9]\d{0,8}$/.test(rest[0] ?? '') ? Number(rest.shift()) : 1
  const way = rest.shift() ?? 'kill'
  return isWay(way) && rest.length === 0 ? { point, nth, way } : `"${text}" is not name[:n][:kill|throw|hang].`
}

interface Armed {
  readonly plan: CrashPlan
  seen: number
  readonly reached: () => void
  /** Rejects when the plan is taken back, for those that hang. */
  readonly released: Promise<never>
}

// One plan for the process: a crash is an affair of the whole process.
let armed: Armed | null = null

const crash = async ({ plan, reached, released }: Armed): Promise<void> => {
  reached()
  if (plan.way === 'kill') process.kill(process.pid, 'SIGKILL')
  if (plan.way === 'throw') throw new Crashed(`crashed at ${plan.point}`)
  return released
}

/**
 * Makes one crash point crash. `reached` settles when it happens; `disarm` lets whatever hangs there end with an error, as if the
 * process had been stopped at last.
 */
export const armCrashPoint = (plan: CrashPlan) => {
  const { promise: reached, resolve } = Promise.withResolvers<void>()
  const { promise: released, reject } = Promise.withResolvers<never>()
  released.catch(() => undefined)
  const own: Armed = { plan, seen: 0, reached: resolve, released }
  armed = own
  return {
    reached,
    disarm: (): void => {
      if (armed === own) armed = null
      reject(new Crashed(`stopped at ${plan.point}`))
    },
  }
}

const goOn = Promise.resolve()

/** Nothing, unless a test or `CRASH_AT` has armed this point; in production neither can (`readConfig` refuses it). */
export const crashPoint = (name: CrashPoint): Promise<void> => {
  if (armed?.plan.point !== name) return goOn
  armed.seen += 1
  return armed.seen === armed.plan.nth ? crash(armed) : goOn
}
