import type { Sample, Window } from './statistics.ts'

/** Runs `work` and notes how long it took under the name of a series. A failure is noted and thrown on. */
export type Measure = <T>(series: string, work: () => Promise<T>) => Promise<T>

/** One user: does the next thing, again and again. */
export type Worker = (measure: Measure) => Promise<void>

export interface DriveOptions<Probe> {
  readonly concurrency: number
  readonly warmUpMs: number
  readonly windowMs: number
  /** The series that also shows what fails outside of any measurement, such as a sign-in. */
  readonly mainSeries: string
  readonly makeWorker: (index: number) => Worker
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** Called once when the window opens and once when it closes. */
  readonly probe: () => Probe
  readonly onProgress?: (seconds: number, samples: number) => void
}

export interface Driven<Probe> {
  readonly window: Window
  readonly series: ReadonlyMap<string, readonly Sample[]>
  readonly before: Probe
  readonly after: Probe
}

interface Look<Probe> {
  readonly at: number
  readonly seen: Probe
}

const progressMs = 200

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/**
 * When the window opens and closes: each time at the first end of a turn that comes late enough. So where turns take longer than
 * the window is meant to be, it becomes as long as they need, and rates stay true.
 */
const makeWindow = <Probe>({ warmUpMs, windowMs, now, probe }: DriveOptions<Probe>) => {
  const start = now()
  const look = (): Look<Probe> => ({ at: now(), seen: probe() })
  let opened: Look<Probe> | null = null
  let closed: Look<Probe> | null = null
  /** To be called between turns; true once the window is closed. */
  const isOver = (): boolean => {
    if (!opened) {
      if (now() >= start + warmUpMs) opened = look()
    } else if (!closed && now() >= opened.at + windowMs) closed = look()
    return closed !== null
  }
  const ends = () => {
    if (!opened || !closed) throw new Error('the window is still open')
    return { before: opened.seen, after: closed.seen, window: { from: opened.at, to: closed.at } }
  }
  return { isOver, ends }
}

const makeRecorder = ({ now, mainSeries }: Pick<DriveOptions<never>, 'now' | 'mainSeries'>) => {
  const series = new Map<string, Sample[]>()
  const noted = new WeakSet<Error>()
  let count = 0
  const note = (name: string, sample: Sample): void => {
    const samples = series.get(name) ?? []
    samples.push(sample)
    series.set(name, samples)
    count += 1
  }
  const measure: Measure = async (name, work) => {
    const began = now()
    try {
      const result = await work()
      note(name, { began, ended: now(), failure: null })
      return result
    } catch (error) {
      const failure = asError(error)
      noted.add(failure)
      note(name, { began, ended: now(), failure: failure.message })
      throw failure
    }
  }
  /** A failure that no measurement has seen. */
  const failed = (began: number, error: unknown): void => {
    const failure = asError(error)
    if (!noted.has(failure)) note(mainSeries, { began, ended: now(), failure: failure.message })
  }
  return { series, measure, failed, count: () => count }
}

/**
 * A closed loop: `concurrency` workers, each starting its next turn as soon as the last one has ended. What the workers did
 * while warming up is in the samples too, before the window.
 */
export const drive = async <Probe>(options: DriveOptions<Probe>): Promise<Driven<Probe>> => {
  const { concurrency, makeWorker, now, onProgress } = options
  const { series, measure, failed, count } = makeRecorder(options)
  const start = now()
  const { isOver, ends } = makeWindow(options)
  let toldAt = start

  const tellProgress = (): void => {
    if (now() - toldAt < progressMs) return
    toldAt = now()
    onProgress?.((toldAt - start) / 1_000, count())
  }

  const turn = async (worker: Worker): Promise<void> => {
    const began = now()
    try {
      await worker(measure)
    } catch (error) {
      failed(began, error)
    }
  }

  const work = async (worker: Worker): Promise<void> => {
    while (!isOver()) {
      await turn(worker)
      tellProgress()
    }
  }

  await Promise.all(Array.from({ length: concurrency }, (_, index) => work(makeWorker(index))))
  return { series, ...ends() }
}
