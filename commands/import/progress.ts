import type { Clock } from '#kernel/time.ts'

/** Where progress is shown: a terminal, which can overwrite a line, or a plain stream. */
export interface ProgressOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const width = 30

/** Text of the bar: `[######----] 20 %  1,204 products, 3 refused`. */
const show = (fraction: number, note: string): string => {
  const full = Math.round(fraction * width)
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}] ${Math.floor(fraction * 100)} %  ${note}`
}

/** Shows how far a file is read: a bar redrawn ten times a second on a terminal, a line every five seconds elsewhere. */
export const makeProgress = (output: ProgressOutput, clock: Clock, totalBytes: number) => {
  const interval = output.isTTY ? 100 : 5_000
  let last = clock.now()
  let bytes = 0
  return {
    read: (count: number): void => {
      bytes += count
    },
    show: (note: string): void => {
      if (clock.now() - last < interval) return
      last = clock.now()
      const line = show(Math.min(bytes / Math.max(totalBytes, 1), 1), note)
      output.write(output.isTTY ? `\r\u001b[2K${line}` : `${line}\n`)
    },
    /** Clears the bar, so that the report begins on an empty line. */
    end: (): void => {
      if (output.isTTY) output.write('\r\u001b[2K')
    },
  }
}

export type Progress = ReturnType<typeof makeProgress>
