import { expect, test } from 'vitest'
import { type SocketFigures, sectionOf, withSection } from './proof.ts'

test('given a page with other sections, when one is written, then it takes the place of its own and of no other', () => {
  const page = '# Proof\n\nIntro.\n\n## A\n\nold a\n\n## B\n\nb\n'
  expect(withSection(page, '## A\n\nnew a\n')).toBe('# Proof\n\nIntro.\n\n## A\n\nnew a\n\n## B\n\nb\n')
  expect(withSection(page, '## C\n\nc\n')).toBe('# Proof\n\nIntro.\n\n## A\n\nold a\n\n## B\n\nb\n\n## C\n\nc\n')
})

test('given no page, then it begins with what such figures are', () => {
  expect(withSection('', '## A\n\na\n')).toMatch(/^# Proof\n[\s\S]+\n\n## A\n\na\n$/)
})

const spread = { count: 1, p50: 1, p99: 1, max: 1 }
const figures = (sockets: number, lately: number): SocketFigures => ({
  date: '2040-01-01T00:00:00.000Z',
  commit: 'abc1234',
  machine: { cores: 2, cpu: 'a cpu', node: 'v24.0.0', memoryGb: 8, system: 'linux', loadAverage: [lately, 0, 0] },
  command: 'npm run bench:sockets',
  seed: 1,
  sockets,
  heapMb: 1_024,
  gatherSeconds: 9,
  rssBeforeMb: 200,
  rssAfterMb: 300,
  targeted: spread,
  broadcast: spread,
  storm: { back: spread, http: spread, retries: 0, ended: null, missed: 0 },
  slow: {
    stuck: 1,
    closed: 1,
    othersClosed: 0,
    before: 1,
    during: 2,
    rounds: 40,
    rssBeforeMb: 300,
    rssPeakMb: 301,
  },
})

test('given a run below the bar on a busy machine, then the section says both, and what fails; given one at the bar alone, neither', () => {
  const below = sectionOf(figures(1_000, 9))
  expect(below).toContain('no proof')
  expect(below).toContain('Others were using the machine')
  expect(below).toContain('| +-20 % | **no** |')
  const at = sectionOf(figures(10_000, 1))
  expect(at).not.toContain('no proof')
  expect(at).not.toContain('Others')
})
