/** `npm run bench:devdb [-- --documents 100000]`: the embedded database against its bars, see bench/README.md. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Figure, measure } from './measures.ts'

const { values } = parseArgs({ options: { documents: { type: 'string', default: '100000' } } })
const documents = Number(values.documents)
if (!Number.isInteger(documents) || documents < 1000) {
  process.stderr.write('--documents must be a whole number from 1000\n')
  process.exit(2)
}

const verdict = ({ value, bar, atMost = false }: Figure): string => {
  if (bar === undefined) return ''
  const reached = atMost ? value <= bar : value >= bar
  return `${reached ? 'reaches' : 'MISSES'} ${atMost ? 'at most' : 'at least'} ${bar.toLocaleString('en')}`
}

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

const folder = await mkdtemp(join(tmpdir(), 'bench-devdb-'))
try {
  const figures = await measure({ folder, documents, progress })
  progress('')
  for (const figure of figures) {
    const shown = Math.round(figure.value).toLocaleString('en').padStart(9)
    process.stdout.write(`${figure.name.padEnd(58)}${shown} ${figure.unit.padEnd(6)} ${verdict(figure)}\n`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
