import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import mongoose from 'mongoose'
import { startChild } from '../testing.ts'
import { judgeCorpus } from './bsonCorpus.ts'
import { driverLimit } from './driverLimits.ts'
import { summary, surprises, type Verdict } from './report.ts'
import { type Environment, notApplicable, readEnvironment } from './requirements.ts'
import { runTest, type Target } from './run.ts'
import { findFiles, readTestFile, shortName, type TestCase, type TestFile } from './testFile.ts'

const usage =
  'usage: node devdb/conformance/main.ts [--url URL | --standalone] [--json FILE] [--only TEXT] FOLDER_OR_FILE...'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    standalone: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})

type Session = { readonly target: Target; readonly environment: Environment }

const skipReason = (file: TestFile, test: TestCase, environment: Environment): string | undefined =>
  test.skipReason ??
  notApplicable(file.runOnRequirements, environment) ??
  notApplicable(test.runOnRequirements, environment) ??
  driverLimit(test)

const announced = (verdict: Verdict): Verdict => {
  if (verdict.status === 'failed') console.log(`FAIL ${verdict.name}: ${verdict.reason}`)
  return verdict
}

const judge = async (
  name: string,
  test: TestCase,
  file: TestFile,
  { target, environment }: Session,
): Promise<Verdict> => {
  const skipped = skipReason(file, test, environment)
  if (skipped !== undefined) return { name, status: 'skipped', reason: skipped }
  const reason = await runTest(file, test, target)
  return announced(reason === undefined ? { name, status: 'passed' } : { name, status: 'failed', reason })
}

const judgeFile = async (path: string, session: Session): Promise<Verdict[]> => {
  const corpus = judgeCorpus(path, shortName(path))?.filter(({ name }) => name.includes(values.only))
  if (corpus !== undefined) return corpus.map(announced)
  // Files that no runner may accept say nothing about a server.
  const file = path.includes('valid-fail') ? undefined : readTestFile(path)
  const verdicts: Verdict[] = []
  for (const test of file?.tests ?? []) {
    const name = `${shortName(path)} > ${test.description}`
    if (file !== undefined && name.includes(values.only)) verdicts.push(await judge(name, test, file, session))
  }
  return verdicts
}

const judgeAll = async (url: string): Promise<Verdict[]> => {
  const internal = await mongoose.mongo.MongoClient.connect(url)
  try {
    const session = { target: { url, internal }, environment: await readEnvironment(internal) }
    const verdicts: Verdict[] = []
    for (const path of findFiles(positionals)) verdicts.push(...(await judgeFile(path, session)))
    return verdicts
  } finally {
    await internal.close(true)
  }
}

const conclude = (verdicts: readonly Verdict[]): number => {
  const known = JSON.parse(readFileSync(new URL('./known.json', import.meta.url), 'utf8')) as Record<string, string>
  const unexpected = surprises(verdicts, known)
  console.log(summary(verdicts))
  for (const line of unexpected) console.log(line)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(verdicts, null, 2)}\n`)
  return unexpected.length === 0 && verdicts.length > 0 ? 0 : 1
}

const run = async (): Promise<number> => {
  if (positionals.length === 0) {
    console.error(usage)
    return 2
  }
  if (values.url !== undefined) return conclude(await judgeAll(values.url))
  const child = await startChild(['--ephemeral', ...(values.standalone ? ['--standalone'] : [])])
  try {
    return conclude(await judgeAll(child.url))
  } finally {
    await child.end('SIGTERM')
  }
}

process.exitCode = await run()
