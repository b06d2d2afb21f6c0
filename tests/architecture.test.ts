import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { breaking, keeping, rules } from './architecture/madeUp.ts'
import { makeRepository, readRepository } from './architecture/repository.ts'
import { readSource } from './architecture/source.ts'

const repository = readRepository()

const ruleOf = (name: string) => {
  const rule = rules.find((each) => each.name === name)
  if (!rule) throw new Error(`there is no rule "${name}"`)
  return rule
}

describe('the rules of the house hold in this repository', () => {
  test.each(rules)('$name', ({ check }) => {
    expect(check(repository)).toEqual([])
  })

  test('each decision has a number of its own', () => {
    const numbers = readdirSync('docs/decisions').map((file) => file.slice(0, 4))
    expect(numbers).toEqual([...new Set(numbers)])
  })

  test('what is looked at is really there', () => {
    const paths = [...repository.sources.keys()]
    for (const part of [
      'platform/kernel/money.ts',
      'subgraphs/cart/schema.generated.ts',
      'devdb/main.ts',
      'codegen.ts',
    ])
      expect(paths).toContain(part)
    expect(repository.sources.get('platform/config.ts')?.imports).not.toEqual([])
    expect(repository.texts.get('subgraphs/cart/schema.graphql')).toContain('type Cart')
  })
})

// A rule that looks at the wrong thing holds for ever: each one must also be seen to fail.
describe('each rule fails on files that break it', () => {
  test.each(breaking)('$rule: $why', ({ rule, files }) => {
    expect(ruleOf(rule).check(makeRepository(files))).not.toEqual([])
  })

  test('there is such a case for every rule', () => {
    const seen = new Set(breaking.map(({ rule }) => rule))
    expect(rules.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([])
  })
})

describe('each rule holds where it has an exception', () => {
  test.each(keeping)('$rule: $why', ({ rule, files }) => {
    expect(ruleOf(rule).check(makeRepository(files))).toEqual([])
  })
})

describe('reading imports', () => {
  const read = (text: string) =>
    readSource('gateway/auth.ts', text).imports.map(({ target, kind, isExport }) => ({ target, kind, isExport }))

  test.each([
    ["import { a } from './errors.ts'", 'gateway/errors.ts', 'value'],
    ["import type { A } from '#kernel/id.ts'", 'platform/kernel/id.ts', 'type'],
    ["import { type A } from '#platform/log.ts'", 'platform/log.ts', 'value'],
    ["import * as all from '../subgraphs/index.ts'", 'subgraphs/index.ts', 'value'],
    ["import whole, { part } from '@scope/name/deep/file.js'", '@scope/name', 'value'],
    ["import 'ws'", 'ws', 'value'],
    ["import {\n  a,\n  type B,\n} from 'node:fs/promises'", 'node:fs/promises', 'value'],
    ["import type from './type.ts'", 'gateway/type.ts', 'value'],
    ["const late = () => import('./late.ts')", 'gateway/late.ts', 'dynamic'],
  ])('%j', (text, target, kind) => {
    expect(read(text)).toEqual([{ target, kind, isExport: false }])
  })

  test('an export that hands on', () => {
    expect(read("export { a } from './errors.ts'")).toEqual([
      { target: 'gateway/errors.ts', kind: 'value', isExport: true },
    ])
  })

  test('an export of its own is no import, and does not swallow the next one', () => {
    expect(read("export const from = 1\nexport { from }\nimport { a } from 'ws'")).toEqual([
      { target: 'ws', kind: 'value', isExport: false },
    ])
  })

  test('comments, texts and templates hide what looks like an import', () => {
    expect(read("// import('a')\n/*\nimport 'b'\n*/\nconst c = `\nimport 'c'\n`\nconst d = \"import('d')\"")).toEqual(
      [],
    )
  })
})
