import { expect, test } from 'vitest'
import { withSection } from './proof.ts'

test('given a page with other sections, when one is written, then it takes the place of its own and of no other', () => {
  const page = '# Proof\n\nIntro.\n\n## A\n\nold a\n\n## B\n\nb\n'
  expect(withSection(page, '## A\n\nnew a\n')).toBe('# Proof\n\nIntro.\n\n## A\n\nnew a\n\n## B\n\nb\n')
  expect(withSection(page, '## C\n\nc\n')).toBe('# Proof\n\nIntro.\n\n## A\n\nold a\n\n## B\n\nb\n\n## C\n\nc\n')
})

test('given no page, then it begins with what such figures are', () => {
  expect(withSection('', '## A\n\na\n')).toMatch(/^# Proof\n[\s\S]+\n\n## A\n\na\n$/)
})
