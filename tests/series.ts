/** The value of a series in what a process shows of its metrics; 0 when there is none. */
export const seriesOf = (text: string, series: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1] ?? 0,
  )
