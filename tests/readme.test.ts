import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as documents from '../commands/tour/documents.ts'
import { readConfig } from '../platform/config.ts'

const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')

test.each(Object.entries(documents))('the README shows the operation %s of the tour as it is', (_, document) => {
  expect(readme).toContain(document.trim())
})

test('the README names no setting that the shop does not read', () => {
  const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+/.test(line))
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/[A-Z_]{4,}/g)].map(([name]) => name))
  const read = new Set<string>()
  const env = new Proxy({}, { get: (_, name) => void read.add(String(name)) })
  readConfig(env)
  expect(named.filter((name) => !read.has(name))).toEqual([])
  expect(named.length).toBeGreaterThan(6)
})
