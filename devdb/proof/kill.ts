/** `node devdb/proof/kill.ts --rounds 200 --seed 1`: kills a server at so many moments and looks for lost writes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRounds } from './kill/rounds.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: String(Date.now()) } },
})
const [rounds, seed] = [Number(values.rounds), Number(values.seed)]
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  process.stderr.write('--rounds must be a positive whole number, --seed a whole number\n')
  process.exit(2)
}

const folder = await mkdtemp(join(tmpdir(), 'devdb-kill-'))
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text} of ${rounds}`)
}
try {
  const { acknowledged, underWay, happened, slowestStartMs } = await killRounds({ folder, rounds, seed, progress })
  progress('')
  process.stdout.write(
    `${rounds} kills with seed ${seed}: ${acknowledged} writes acknowledged, none lost; ${underWay} on their way, ` +
      `${happened} of them whole, the others not at all; slowest start ${Math.round(slowestStartMs)} ms\n`,
  )
  await rm(folder, { recursive: true, force: true })
} catch (error) {
  process.stdout.write(`failed with seed ${seed}, the data is left in ${folder}: ${String(error)}\n`)
  process.exitCode = 1
}
