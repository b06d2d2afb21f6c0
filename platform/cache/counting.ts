import { metrics } from '../metrics/table.ts'

/** As `emporion_cache_reads_total` tells about them. */
const outcomes = ['hit', 'shared', 'miss', 'stale'] as const

/**
 * Counts what is read of one cache.
 *
 * @param cache its name, one of ours: it is the value of a label
 */
export const countReadsOf = (cache: string): ((outcome: (typeof outcomes)[number], reads: number) => void) => {
  // From 0 on: to Prometheus a series that begins with 7 has not grown.
  for (const outcome of outcomes) metrics.cacheReads.inc({ cache, outcome }, 0)
  return (outcome, reads) => {
    if (reads > 0) metrics.cacheReads.inc({ cache, outcome }, reads)
  }
}
