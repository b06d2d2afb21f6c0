import { isTest, type Repository, type Rule } from './repository.ts'
import type { Sources } from './source.ts'

const nextOf = (sources: Sources, path: string): string[] =>
  sources.get(path)?.imports.flatMap(({ kind, target }) => (kind === 'value' ? [target] : [])) ?? []

/** The way from a file to what it loads, which may be itself, without that; null: there is none. Each file is entered once. */
const wayTo = (sources: Sources, start: string, goal: string): string[] | null => {
  const seen = new Set<string>()
  const walk = (path: string): string[] | null => {
    for (const next of nextOf(sources, path)) {
      if (next === goal) return [path]
      if (seen.has(next)) continue
      seen.add(next)
      const rest = walk(next)
      if (rest) return [path, ...rest]
    }
    return null
  }
  return walk(start)
}

const checkCycles = ({ sources }: Repository): string[] => {
  const cycles = [...sources.keys()].flatMap((path) => {
    const cycle = wayTo(sources, path, path)
    return cycle ? [cycle] : []
  })
  // The same cycle is found from each of its files: it is told once, from the first.
  return cycles
    .filter((cycle) => cycle[0] === [...cycle].sort()[0])
    .map((cycle) => `${cycle.join(' -> ')} -> ${cycle[0]}`)
}

const mayBeIndex = /^(?:subgraphs|gateway|workers|subgraphs\/[^/]+)\/index\.ts$/

const checkBarrels = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, imports }) => [
    ...(path.endsWith('/index.ts') && !mayBeIndex.test(path) ? [`${path}: only a unit has an index.ts`] : []),
    ...imports.filter(({ isExport }) => isExport).map(({ specifier }) => `${path} hands on ${specifier}`),
  ])

const saysNothing = /^(?:utils?|helpers?|common|misc|base|managers?)$|[a-z](?:Utils?|Helpers?|Misc|Base|Managers?)$/

const checkNames = ({ texts }: Repository): string[] =>
  [...texts.keys()]
    .filter((path) => path.split('/').some((part) => saysNothing.test(part.split('.')[0] ?? '')))
    .map((path) => `${path} has a name that says nothing`)

/** Packages that only these files may import: each is behind a port of ours. */
const keepers: Readonly<Record<string, RegExp>> = {
  mongoose:
    /^subgraphs\/[^/]+\/model(?:\.ts|\/.+)$|^workers\/emails\/model\.ts$|^platform\/(?:mongo|heartbeats|store|outbox\/source|idempotency\/mongo|leases\/mongo)\.ts$/,
  ioredis: /^platform\/redisConnection\.ts$/,
  // The benchmark compares its speed with ours.
  '@apollo/gateway': /^gateway\/apolloGateway\.ts$|^bench\/gateway\//,
  '@apollo/composition': /^codegen\.ts$/,
  '@apollo/query-planner': /^gateway\/execution\/planner\.ts$/,
  '@apollo/federation-internals': /^(?:gateway\/execution\/planner|codegen)\.ts$/,
}

/** Tests may look at the database with the driver's own eyes; the licence of the Apollo packages makes no such exception. */
const isExcused = (path: string, name: string): boolean => name === 'mongoose' && isTest(path)

const checkKeepers = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => keepers[target]?.test(path) === false && !isExcused(path, target))
      .map(({ target }) => `${path} may not import ${target}`),
  )

const checkPackages = ({ sources, dependencies, devDependencies }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, imports }) => {
    const atHome = isTest(path) || path === 'codegen.ts' || /^(?:bench|examples|deploy\/k8s)\//.test(path)
    const here = atHome ? [...dependencies, ...devDependencies] : dependencies
    return imports
      .filter(({ isPackage, target }) => isPackage && !target.startsWith('node:') && !here.includes(target))
      .map(({ target }) => `${path} imports ${target}, which is not among its dependencies in package.json`)
  })

/** What a process loads at its start, whichever units it runs, and what a gateway loads besides. */
const loadedByAll = ['start/main.ts', 'gateway/index.ts']

const checkLoading = ({ sources }: Repository): string[] =>
  loadedByAll.flatMap((start) => wayTo(sources, start, 'mongoose')?.concat('mongoose').join(' -> ') ?? [])

/** Where the environment may go to `readConfig`, and where a child process may get it. */
const mayPass = (path: string): boolean => path === 'start/main.ts' || path.startsWith('commands/') || isTest(path)
const passedOn = /\breadConfig\(\s*process\.env\b/g
const toChild = /\.\.\.process\.env\b|\bPATH: process\.env\.PATH\b/g

/** Test runs have switches of their own (which database, how many tries); each kind is read in one place. */
const mayRead = new Set(['platform/config.ts', 'tests/setup.ts', 'devdb/proof/amounts.ts'])

const checkEnvironment = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, code, imports }) => {
    if (mayRead.has(path)) return []
    const passed = mayPass(path) ? code.replaceAll(passedOn, '') : code
    const rest = isTest(path) ? passed.replaceAll(toChild, '') : passed
    const reads = /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b/.test(rest)
    const takes = imports.some(({ target }) => target === 'node:process' || target === 'process')
    return reads || takes ? [`${path} reads the environment: that is for platform/config.ts`] : []
  })

export const moduleRules: readonly Rule[] = [
  { name: 'values are not imported in a circle', check: checkCycles },
  { name: 'no file hands on what another has', check: checkBarrels },
  { name: 'names say something', check: checkNames },
  { name: 'mongoose, ioredis and the Elastic-2.0 packages stay in their files', check: checkKeepers },
  { name: 'a process without a database does not load its client', check: checkLoading },
  { name: 'a file imports what package.json installs for it', check: checkPackages },
  { name: 'only the configuration reads the environment', check: checkEnvironment },
]
