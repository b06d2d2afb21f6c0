import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { seconds } from '#kernel/time.ts'
import { withTimeout } from '../caller.ts'

/** All metrics of this process. They count for the process and not for a shop: in tests several shops share them. */
export const registry = new Registry()

/** How a metric is told about in the documents. */
export interface Told {
  readonly name: string
  readonly help: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
}

export const told: Told[] = []

interface Naming<Label extends string> {
  /** With its unit as Prometheus wants it: `_total` for counters, `_seconds`, `_bytes`. */
  readonly name: string
  readonly help: string
  /** Names of labels. Their values come from lists of ours and never from a client: the number of series is bounded by that. */
  readonly labels?: readonly Label[]
}

const note = (kind: Told['kind'], { name, help, labels = [] }: Naming<string>): void => {
  told.push({ name, help, kind, labels })
}

/** Something that is counted and never falls. */
export const counter = <Label extends string = never>(naming: Naming<Label>): Counter<Label> => {
  note('counter', naming)
  const { name, help, labels = [] } = naming
  return new Counter({ name, help, labelNames: [...labels], registers: [registry] })
}

/** Seconds, from a cached answer to the longest time that anybody waits (parameters table: client total). */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** How long something takes, in seconds. */
export const durations = <Label extends string = never>(naming: Naming<Label>): Histogram<Label> => {
  note('histogram', naming)
  const { name, help, labels = [] } = naming
  return new Histogram({ name, help, labelNames: [...labels], buckets, registers: [registry] })
}

export interface Sample<Label extends string> {
  readonly value: number
  readonly labels?: Readonly<Partial<Record<Label, string>>>
}

type Read<Label extends string> = () => readonly Sample<Label>[] | Promise<readonly Sample<Label>[]>

export interface Watched<Label extends string> {
  /** Reads the present state whenever somebody looks; the returned function ends that. Equal labels add up. */
  watch(read: Read<Label>): () => void
}

/** A reading that takes longer is left out: a scrape must not wait for what is away. */
const patience = seconds(1)

const late = (): Error => new Error('the reading is late')

/** A state, read when somebody looks and at no other time. */
export const gauge = <Label extends string = never>(naming: Naming<Label>): Watched<Label> => {
  note('gauge', naming)
  const { name, help, labels = [] } = naming
  const readers = new Set<Read<Label>>()
  new Gauge<Label>({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      this.reset()
      const reading = [...readers].map((read) => withTimeout(patience, late, async () => read()))
      for (const result of await Promise.allSettled(reading)) {
        if (result.status === 'rejected') continue
        for (const { labels: own = {}, value } of result.value) this.inc(own, value)
      }
    },
  })
  return {
    watch: (read) => {
      readers.add(read)
      return () => void readers.delete(read)
    },
  }
}
