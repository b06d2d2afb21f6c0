import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Driven } from './drive.ts'
import { type Consumption, consumptions, type Usages } from './processes.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { type Summary, summarise } from './statistics.ts'

export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  /** Of one, five and fifteen minutes, before anything was started: much above zero, and figures are worth little. */
  readonly loadAverage: readonly number[]
}

/** One series of one scenario at one level. */
export interface Row extends Summary {
  readonly series: string
  readonly concurrency: number
  /** By process; of the whole scenario, so only in the row of its first series. */
  readonly processes: Readonly<Record<string, Consumption>>
}

export interface Results {
  readonly date: string
  readonly commit: string | null
  readonly machine: Machine
  readonly seconds: number
  /** Seconds of every scenario before the measurements. */
  readonly runIn: number
  readonly rows: readonly Row[]
}

const commitOf = (folder: string): string | null => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  } catch {
    return null
  }
}

/** Facts that go with every figure. To be asked before anything is started. */
export const describeRun = (date: Date): Pick<Results, 'date' | 'commit' | 'machine'> => ({
  date: date.toISOString(),
  commit: commitOf(import.meta.dirname),
  machine: {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadAverage: loadavg(),
  },
})

/** The rows of one level of a scenario. */
export const rowsOf = ({ series }: Scenario, concurrency: number, driven: Driven<Usages>): Row[] =>
  series.map((name, index) => {
    const summary = summarise(driven.series.get(name) ?? [], driven.window)
    const processes = index === 0 ? consumptions(driven.before, driven.after, summary.done) : {}
    return { series: name, concurrency, ...summary, processes }
  })
