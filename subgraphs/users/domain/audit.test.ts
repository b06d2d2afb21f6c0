import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuditEntry, beginning, type Entry, inspect, inspectEnd, type Link, seal } from './audit.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')

const entry = (n: number): Entry => ({
  _id: `evt_${n}`,
  at: 1_000 + n,
  action: 'SIGNED_IN',
  actorKind: 'user',
  actorId: `usr_${n}`,
  target: `usr_${n}`,
  address: '203.0.113.7',
  requestId: `req_${n}`,
})

const logOf = (count: number): AuditEntry[] => {
  const log: AuditEntry[] = []
  for (let n = 1; n <= count; n++) log.push(seal(log.at(-1) ?? beginning, entry(n), hash))
  return log
}

/** Everything that a check of the whole log reports. */
const check = (log: readonly AuditEntry[], head: Link): string[] => {
  let before: Link = beginning
  const problems: string[] = []
  for (const found of log) {
    problems.push(...inspect(before, found, hash))
    before = found
  }
  return [...problems, ...inspectEnd(before, head, log.find(({ seq }) => seq === head.seq) ?? null)]
}

describe('the chain of the audit log', () => {
  it('given an untouched log, when it is checked, then nothing is reported, also when the head lags behind', () => {
    const log = logOf(5)
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(check(log, log[4]!)).toEqual([])
    expect(check(log, log[3]!)).toEqual([])
    expect(check([], beginning)).toEqual([])
  })

  it('given deleted entries, then the gap is named; at the end the head tells', () => {
    const log = logOf(6)
    expect(check([...log.slice(0, 2), ...log.slice(3)], log[5]!)).toEqual(['Entry 3 is missing.'])
    expect(check([...log.slice(0, 1), ...log.slice(4)], log[5]!)).toEqual(['Entries 2 to 4 are missing.'])
    expect(check(log.slice(0, 4), log[5]!)).toEqual(['The log ends at entry 4, but entry 6 was written.'])
    expect(check([], log[5]!)).toEqual(['The log ends at entry 0, but entry 6 was written.'])
  })

  it('given any field of any entry edited, then it is reported; with its hash mended, its neighbour or the head tells', () => {
    const fields = ['_id', 'at', 'action', 'actorKind', 'actorId', 'target', 'address', 'requestId'] as const
    const log = logOf(4)
    fc.assert(
      fc.property(fc.nat(3), fc.constantFrom(...fields), (index, field) => {
        const edited = { ...log[index]!, [field]: 'forged' } as AuditEntry
        expect(check(log.with(index, edited), log[3]!)).toEqual([`Entry ${index + 1} was edited.`])
        const { seq: _, previous: __, hash: ___, ...rest } = edited
        const mended = seal(index === 0 ? beginning : log[index - 1]!, rest, hash)
        const problems = check(log.with(index, mended), log[3]!)
        expect(problems).toEqual([
          index === 3
            ? 'Entry 4 is not the one that was written.'
            : `Entry ${index + 1} is not the one that ${index + 2} was written after.`,
        ])
      }),
    )
  })
})
