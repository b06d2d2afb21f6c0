export type Verdict =
  | { readonly name: string; readonly status: 'passed' }
  | { readonly name: string; readonly status: 'failed' | 'skipped'; readonly reason: string }

type Counts = { passed: number; failed: number; skipped: number }

const areaOf = (name: string): string => name.split('/', 1)[0] ?? name

/** How many tests of each area ended how. */
export const countByArea = (verdicts: readonly Verdict[]): Map<string, Counts> => {
  const counts = new Map<string, Counts>()
  for (const { name, status } of verdicts) {
    const area = areaOf(name)
    const count = counts.get(area) ?? { passed: 0, failed: 0, skipped: 0 }
    count[status] += 1
    counts.set(area, count)
  }
  return counts
}

/** Each area on a line, with the share of what ran that passed. */
export const summary = (verdicts: readonly Verdict[]): string =>
  [...countByArea(verdicts)]
    .map(([area, { passed, failed, skipped }]) => {
      const share = passed + failed === 0 ? '-' : `${((100 * passed) / (passed + failed)).toFixed(1)} %`
      return `${area.padEnd(24)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped  ${share}`
    })
    .join('\n')

/** Why a run differs from the failures that are known: new ones, and known ones that pass now. */
export const surprises = (verdicts: readonly Verdict[], known: Readonly<Record<string, string>>): string[] =>
  verdicts.flatMap(({ name, status }) => {
    if (status === 'failed' && !Object.hasOwn(known, name)) return [`fails, and is not known to: ${name}`]
    return status === 'passed' && Object.hasOwn(known, name)
      ? [`passes, but is listed as a known failure: ${name}`]
      : []
  })
