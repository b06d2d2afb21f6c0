import { readFile, writeFile } from 'node:fs/promises'
import { type Bar, barsOf, renderBars } from '../bars.ts'
import type { Results } from '../results.ts'
import { layOut, short } from '../table.ts'
import type { Spread } from './measures.ts'
import type { SlowReaders } from './slowReaders.ts'
import type { Storm } from './storm.ts'

/** What a run has found. */
export interface SocketFigures extends Pick<Results, 'date' | 'commit' | 'machine'> {
  readonly command: string
  readonly seed: number
  readonly sockets: number
  /** What the shop may use; `npm start` gives it less. */
  readonly heapMb: number
  readonly gatherSeconds: number
  readonly rssBeforeMb: number
  readonly rssAfterMb: number
  readonly targeted: Spread
  readonly broadcast: Spread
  readonly storm: Storm
  readonly slow: SlowReaders
}

const ms = (value: number): string => `${short(value)} ms`

export const kbPerSocket = ({ rssBeforeMb, rssAfterMb, sockets }: SocketFigures): number =>
  ((rssAfterMb - rssBeforeMb) * 1_024) / sockets

/** Each figure beside its bar (docs/promises.md, L3, L4, L6). */
export const linesOf = (figures: SocketFigures): Bar[] => {
  const { targeted, broadcast, storm, slow } = figures
  const memory = kbPerSocket(figures)
  const worse = slow.during / slow.before
  return barsOf([
    ['L3 memory of a subscriber', `${short(memory)} kB`, '<= 80 kB', memory <= 80],
    ['L3 one is told: p99', ms(targeted.p99), '<= 500 ms', targeted.p99 <= 500],
    ['L3 all are told: p50', ms(broadcast.p50), '', null],
    ['L3 all are told: p99', ms(broadcast.p99), '<= 2,000 ms', broadcast.p99 <= 2_000],
    ['L4 99 % are back', ms(storm.back.p99), '<= 10,000 ms', storm.back.p99 <= 10_000],
    ['L4 all are back', ms(storm.back.max), '<= 20,000 ms', storm.back.max <= 20_000],
    ['L4 HTTP meanwhile: p99', ms(storm.http.p99), '<= 1,000 ms', storm.http.p99 <= 1_000],
    ['L4 states missed', String(storm.missed), '0', storm.missed === 0],
    ['L4 tries made again', String(storm.retries), '', null],
    [
      'L6 memory gained',
      `${short(slow.rssPeakMb - slow.rssBeforeMb)} MB`,
      '<= 64 MB',
      slow.rssPeakMb - slow.rssBeforeMb <= 64,
    ],
    ['L6 slow ones closed', `${slow.closed} of ${slow.stuck}`, 'all', slow.closed >= slow.stuck],
    ['L6 others closed', String(slow.othersClosed), '0', slow.othersClosed === 0],
    [
      `L6 others are told: p99 of a round, median of ${slow.rounds}`,
      `${ms(slow.during)} after ${ms(slow.before)}`,
      '+-20 %',
      worse <= 1.2,
    ],
  ])
}

export const renderFigures = (figures: SocketFigures): string =>
  layOut(
    linesOf(figures).map(({ what, measured, bar, holds }) => [
      what,
      measured,
      bar,
      holds === null ? '' : holds ? 'holds' : 'FAILS',
    ]),
  )

/** What the bar is for. */
const barSockets = 10_000

/** What a reader has to know beside the figures. */
const remarksOf = ({ sockets, heapMb, machine }: SocketFigures): string[] => {
  const [lately = 0] = machine.loadAverage
  return [
    `The shop had a heap of ${heapMb.toLocaleString('en')} MB; with the 384 MB of \`npm start\` a process takes 6,000 sockets at most.`,
    ...(sockets < barSockets
      ? [`The bar is for ${barSockets.toLocaleString('en')} sockets, so a run with fewer is no proof of it.`]
      : []),
    ...(lately > machine.cores ? ['Others were using the machine: times are longer than they would be alone.'] : []),
  ]
}

export const sectionOf = (figures: SocketFigures): string => {
  const { date, commit, machine, command, seed, sockets, gatherSeconds } = figures
  return `## Sockets

\`${command}\`, seed ${seed}, ${date.slice(0, 16).replace('T', ' ')}, commit ${commit ?? 'unknown'}: ${sockets.toLocaleString('en')} subscribers of one process
that runs the whole shop, on ${machine.cores} cores (${machine.cpu}, Node ${machine.node}) which the database and the load share; load average before
the start ${machine.loadAverage.map(short).join(', ')}. They had gathered after ${short(gatherSeconds)} s.

${renderBars(linesOf(figures))}

${remarksOf(figures).join('\n')}
`
}

const heading = `# Proof

What was measured, as it was measured: one run each, on the machine named, failures included. How to read such figures:
[bench/README.md](../bench/README.md).
`

/** Puts the section in place of the one that was there; the others stay. */
export const withSection = (text: string, section: string): string => {
  const title = section.slice(0, section.indexOf('\n'))
  const parts = (text.trim() === '' ? heading : text).split(/^(?=## )/m)
  const at = parts.findIndex((part) => part.startsWith(`${title}\n`))
  const others = at < 0 ? [...parts, section] : parts.with(at, section)
  return `${others.map((part) => part.trim()).join('\n\n')}\n`
}

export const writeProof = async (path: string, figures: SocketFigures): Promise<void> => {
  const text = await readFile(path, 'utf8').catch(() => '')
  await writeFile(path, withSection(text, sectionOf(figures)))
}
