import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pids } from '../processes.ts'
import { layOut } from '../table.ts'
import { type Digest, digest, type Share } from './digest.ts'

const root = join(import.meta.dirname, '../../')

/** Microseconds on the clock of CPU profiles, which all processes of a machine share. */
export const profileClock = (): number => Number(process.hrtime.bigint() / 1_000n)

const renderShares = (title: string, shares: readonly Share[], count: number): string =>
  `${title}\n${layOut(shares.slice(0, count).map(({ name, share }) => [`  ${name}`, `${(share * 100).toFixed(1)} %`]))}`

const renderDigest = (name: string, { busySeconds, packages, functions, ownWithCallees }: Digest): string =>
  [
    `\n${name}: busy for ${busySeconds.toFixed(1)} s`,
    renderShares('by package', packages, 25),
    renderShares('by function', functions, 40),
    renderShares('own functions with all they call before they first wait', ownWithCallees, 50),
  ].join('\n')

/** Where the time of the processes went since a moment; the profiles stay in the folder for a viewer. */
export const reportProfiles = async (folder: string, pids: Pids, since: number): Promise<string> => {
  const files = await readdir(folder)
  const reports = Object.entries(pids).map(async ([name, pid]) => {
    const file = files.find((each) => each.split('.').includes(String(pid)) && each.endsWith('.cpuprofile'))
    if (!file) return `\n${name}: no profile was written`
    return renderDigest(name, digest(JSON.parse(await readFile(join(folder, file), 'utf8')), root, since))
  })
  return [...(await Promise.all(reports)), `\nProfiles are in ${folder}; DevTools and speedscope open them.`].join('\n')
}
