import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { withSection } from './proof.ts'
import { scenarios } from './scenarios.ts'

test('given a scenario with its place, when it was measured again, then the new figures stand there, and nothing else has changed', () => {
  const text = 'a\n<!-- chaos F2: begin (made by `npm run test:chaos`) -->\nold\n<!-- chaos F2: end -->\nb\n'
  const once = withSection(text, 'F2', 'new')
  expect(once).toContain('\n\nnew\n\n')
  expect(once).not.toContain('old')
  expect(once.startsWith('a\n') && once.endsWith('\nb\n')).toBe(true)
  expect(withSection(once, 'F2', 'new')).toBe(once)
  expect(() => withSection(text, 'F3', 'new')).toThrow('no place')
})

test('given docs/proof.md, then each scenario that is measured has its place in it', async () => {
  const text = await readFile('docs/proof.md', 'utf8')
  const measured = Object.keys(scenarios).filter((name) => name !== 'short')
  for (const name of measured) expect(() => withSection(text, name, 'x')).not.toThrow()
})
