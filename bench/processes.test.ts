import { describe, expect, test } from 'vitest'
import { consumptions, parseCpuSeconds, parseRssMb, usageOf } from './processes.ts'

describe('what /proc tells', () => {
  test('given a name with blanks and brackets, then the times are still found', () => {
    const stat = '42 (node (a) b) S 1 42 42 0 -1 4194304 900 0 7 0 1234 66 0 0 20 0 11 0 5000 11291116 300416 18446744'
    expect(parseCpuSeconds(stat)).toBe(13)
  })

  test('given a status, then the resident memory comes in megabytes', () => {
    expect(parseRssMb('Name:\tnode\nVmHWM:\t  999999 kB\nVmRSS:\t  307200 kB\nThreads:\t11\n')).toBe(300)
  })

  test('given no such process, then there is nothing to tell', () => {
    expect(usageOf(-1)).toBeNull()
  })

  test.runIf(process.platform === 'linux')('given this process, then it has used time and memory', () => {
    const usage = usageOf(process.pid)
    expect(usage?.cpuSeconds).toBeGreaterThan(0)
    expect(usage?.rssMb).toBeGreaterThan(10)
  })
})

describe('consumptions', () => {
  test('given two looks, then CPU time is per thousand requests', () => {
    const before = { shop: { cpuSeconds: 10, rssMb: 200 } }
    const after = { shop: { cpuSeconds: 11.5, rssMb: 260 } }
    expect(consumptions(before, after, 500)).toEqual({
      shop: { cpuSecondsPer1000: 3, rssBeforeMb: 200, rssAfterMb: 260 },
    })
  })

  test('given no request or an unreadable process, then nothing is made up', () => {
    const usage = { cpuSeconds: 1, rssMb: 1 }
    expect(consumptions({ shop: usage }, { shop: usage }, 0).shop?.cpuSecondsPer1000).toBeNull()
    expect(consumptions({ shop: usage, database: null }, { shop: null, database: usage }, 1)).toEqual({})
  })
})
