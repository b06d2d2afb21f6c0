/** `npm run test:guards [-- part of a name]`: takes out one guard at a time in a scratch copy and sees that its test fails without it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Guard, guards } from './guards.ts'

const root = join(import.meta.dirname, '../..')
const patienceMs = 180_000

/** The files of the repository, with the changes that are not committed yet. */
const makeCopy = async (): Promise<string> => {
  const copy = await mkdtemp(join(tmpdir(), 'emporion-guards-'))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  for (const file of listed.split('\0').filter((name) => name !== ''))
    await cp(join(root, file), join(copy, file), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

type Outcome = 'passes' | 'fails' | 'did not run'

/** A test that was not run is told apart from one that failed. */
const runTest = async (copy: string, { test }: Guard): Promise<Outcome> => {
  const report = join(copy, 'report.json')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', test.file, '--reporter=json', `--outputFile=${report}`]
  await rm(report, { force: true })
  spawnSync(process.execPath, [...args, ...(test.name ? ['-t', test.name] : [])], {
    cwd: copy,
    stdio: 'ignore',
    timeout: patienceMs,
  })
  const text = await readFile(report, 'utf8').catch(() => null)
  if (text === null) return 'did not run'
  const { numPassedTests, numFailedTests } = JSON.parse(text)
  if (numFailedTests > 0) return 'fails'
  return numPassedTests > 0 ? 'passes' : 'did not run'
}

const tryWithout = async (copy: string, guard: Guard): Promise<Outcome> => {
  const file = join(copy, guard.file)
  const whole = await readFile(file, 'utf8')
  await writeFile(
    file,
    whole.replace(guard.source, () => guard.without),
  )
  try {
    return await runTest(copy, guard)
  } finally {
    await writeFile(file, whole)
  }
}

const wanted = process.argv[2] ?? ''
const chosen = guards.filter(({ name }) => name.includes(wanted))
const copy = await makeCopy()
const told = (text: string): boolean => process.stdout.write(`${text}\n`)
let missed = 0
try {
  told('| guard | test that fails without it | with | without |\n|---|---|---|---|')
  for (const guard of chosen) {
    const [whole, without] = [await runTest(copy, guard), await tryWithout(copy, guard)]
    if (whole !== 'passes' || without !== 'fails') missed += 1
    const where = `${dirname(guard.test.file)}: ${guard.test.name || guard.test.file.split('/').at(-1)}`
    told(`| ${guard.name} | ${where} | ${whole} | ${without} |`)
  }
} finally {
  await rm(copy, { recursive: true, force: true })
}
process.exitCode = missed === 0 ? 0 : 1
