/** What was measured, and what is promised. */
export interface Bar {
  readonly what: string
  readonly measured: string
  /** Empty: shown only. */
  readonly bar: string
  /** Null: nothing is promised. */
  readonly holds: boolean | null
}

/** Bars as they are written down in rows. */
export const barsOf = (
  rows: readonly (readonly [what: string, measured: string, bar: string, holds: boolean | null])[],
): Bar[] => rows.map(([what, measured, bar, holds]) => ({ what, measured, bar, holds }))

export const allHold = (bars: readonly Bar[]): boolean => bars.every(({ holds }) => holds !== false)

/** A table in Markdown, as it stands in docs/proof.md. */
export const renderBars = (bars: readonly Bar[], title = 'what'): string =>
  [
    `| ${title} | measured | bar | holds |`,
    '|---|---|---|---|',
    ...bars.map(({ what, measured, bar, holds }) => {
      const verdict = bar === '' ? '' : holds ? 'yes' : '**no**'
      return `| ${what} | ${measured} | ${bar} | ${verdict} |`
    }),
  ].join('\n')

/** Runs a benchmark: exit code 1 when it answers that a bar was missed, 2 and the reason when it could not be run. */
export const runBench = async (run: () => Promise<boolean>): Promise<void> => {
  try {
    process.exitCode = (await run()) ? 0 : 1
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 2
  }
}
