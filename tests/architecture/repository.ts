import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readSource, type Sources } from './source.ts'

/** All that the rules look at; tests make up small ones. */
export interface Repository {
  /** Text by path, for every file that may be committed. */
  readonly texts: ReadonlyMap<string, string>
  /** The TypeScript files among them. */
  readonly sources: Sources
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
}

/** A rule of the house. It holds when there is nothing to say; each sentence starts with the path of the file at fault. */
export interface Rule {
  readonly name: string
  readonly check: (repository: Repository) => readonly string[]
}

export const root = join(import.meta.dirname, '../..')

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** A repository out of path and text. `package.json` may be missing. */
export const makeRepository = (files: Readonly<Record<string, string>>): Repository => {
  const texts = new Map(Object.entries(files))
  const manifest = JSON.parse(files['package.json'] ?? '{}') as Manifest
  const typescript = [...texts].filter(([path]) => path.endsWith('.ts'))
  return {
    texts,
    sources: new Map(typescript.map(([path, text]) => [path, readSource(path, text)])),
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
  }
}

const leftOut = new Set(['node_modules', '.git', '.data', 'coverage', 'storefront', 'package-lock.json'])
const isText = /\.(ts|graphql|md|json|ya?ml|sh|example)$|(^|\/)(Dockerfile|LICENSE|run)$/

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (leftOut.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })

/** This repository as it lies on disk. */
export const readRepository = (): Repository =>
  makeRepository(
    Object.fromEntries(
      filesBelow(root)
        .map((path) => relative(root, path).replaceAll('\\', '/'))
        .filter((path) => isText.test(path))
        .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
    ),
  )

/** Code that only tests, proofs and benchmarks run: also the contracts of ports, and siblings in memory (`clients.memory.ts`). */
export const isTest = (path: string): boolean =>
  /\.(?:test|e2e|chaos)\.ts$|^(?:tests|bench|devdb\/(?:conformance|proof))\/|(?:^|\/)(?:contract|testing|clients\.memory)\.ts$|^vitest\.config\.ts$/.test(
    path,
  )
