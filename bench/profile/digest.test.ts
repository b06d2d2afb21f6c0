import { describe, expect, test } from 'vitest'
import { type CpuProfile, digest, type ProfileNode } from './digest.ts'

const node = (id: number, functionName: string, url: string, children: number[] = []): ProfileNode => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
  children,
})

/** handle() of the gateway calls parse() of graphql, which calls itself; each sample stands for 100 microseconds. */
const profile: CpuProfile = {
  startTime: 1_000,
  nodes: [
    node(1, '(root)', '', [2, 3]),
    node(2, 'handle', 'file:///shop/gateway/http.ts', [4]),
    node(3, '(idle)', ''),
    node(4, 'parse', 'file:///shop/node_modules/graphql/language/parser.js', [5]),
    node(5, 'parse', 'file:///shop/node_modules/graphql/language/parser.js', [6]),
    node(6, 'sha', 'node:crypto'),
  ],
  samples: [2, 4, 5, 6, 3, 3],
  timeDeltas: [100, 100, 100, 100, 100, 100],
}

const shares = (list: readonly { name: string; share: number }[]) => list.map(({ name, share }) => [name, share])

describe('digest', () => {
  test('given samples, then idle time is left out and each package has its own time', () => {
    const { busySeconds, packages } = digest(profile, '/shop/')
    expect(busySeconds).toBeCloseTo(0.0004)
    expect(shares(packages)).toEqual([
      ['graphql', 0.5],
      ['gateway/http.ts', 0.25],
      ['node:crypto', 0.25],
    ])
  })

  test('given functions, then they are found with file and line', () => {
    expect(shares(digest(profile, '/shop/').functions)).toEqual([
      ['parse graphql/parser.js:10', 0.5],
      ['handle gateway/http.ts:10', 0.25],
      ['sha node:crypto/node:crypto:10', 0.25],
    ])
  })

  test('given callers of our own, then what they call counts for them, once', () => {
    expect(shares(digest(profile, '/shop/').ownWithCallees)).toEqual([['handle gateway/http.ts:10', 1]])
  })

  test('given a moment, then what came before it does not count', () => {
    expect(shares(digest(profile, '/shop/', 1_400).packages)).toEqual([['node:crypto', 1]])
  })
})
