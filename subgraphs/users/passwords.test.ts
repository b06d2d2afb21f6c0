import { describe, expect, it } from 'vitest'
import { makeGate, makePasswords } from './passwords.ts'

const phc = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/

describe('password hashing', () => {
  it('given a password, when hashed, then it is argon2id with the declared parameters, salt 16 and tag 32 (threat: passwords)', async () => {
    const [a, b] = await Promise.all([makePasswords().hash('grue-lantern-41'), makePasswords().hash('grue-lantern-41')])
    expect(a).toMatch(phc)
    expect(a).not.toBe(b)
  })

  it('given a hash, when verified, then only the same password fits, with all of its characters', async () => {
    const passwords = makePasswords()
    const long = `${'x'.repeat(100)}A`
    const hash = await passwords.hash(long)
    expect(await passwords.verify(hash, long)).toBe(true)
    expect(await passwords.verify(hash, `${'x'.repeat(100)}B`)).toBe(false)
    expect(await passwords.verify(hash, 'x'.repeat(72))).toBe(false)
  })

  it('given no account, when verified, then nothing fits, after the work of a real verification', async () => {
    const passwords = makePasswords()
    const hash = await passwords.hash('grue-lantern-41')
    const took = async (against: string | null) => {
      const started = performance.now()
      expect(await passwords.verify(against, 'another password')).toBe(false)
      return performance.now() - started
    }
    const fastest = async (against: string | null) =>
      Math.min(...(await Promise.all(Array.from({ length: 5 }, () => took(against)))))
    const [known, unknown] = [await fastest(hash), await fastest(null)]
    // A missing dummy hash would be thousands of times faster; the machine's noise is not.
    expect(unknown).toBeGreaterThan(known / 20)
  })

  it('given a full queue, when another comes, then it is refused at once and the others still finish', async () => {
    const passwords = makePasswords({ concurrent: 1, waiting: 2 })
    passwords.refuseWhenFull()
    const all = Promise.allSettled(['one', 'two', 'three', 'four'].map((text) => passwords.hash(text)))
    expect(() => passwords.refuseWhenFull()).toThrow('Too many sign-ins')
    const outcomes = await all
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(outcomes[3]).toMatchObject({ reason: { code: 'RATE_LIMITED' } })
    passwords.refuseWhenFull()
    expect(await passwords.hash('five')).toMatch(phc)
  })

  it('given a crowd, then one works at a time until half of the queue is left, then two; nobody overtakes (L2)', async () => {
    const gate = makeGate({ concurrent: 2, waiting: 8 })
    const ends = Array.from({ length: 10 }, () => Promise.withResolvers<void>())
    const begun: number[] = []
    let running = 0
    const runningWith: number[] = []
    const all = ends.map(({ promise }, n) =>
      gate.run(async () => {
        begun.push(n)
        running += 1
        runningWith[n] = running
        await promise
        running -= 1
      }),
    )
    expect(() => gate.refuseWhenFull()).toThrow('Too many sign-ins')
    for (const [n, { resolve }] of ends.entries()) {
      await expect.poll(() => begun.length).toBeGreaterThan(n)
      resolve()
    }
    await Promise.all(all)
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    // Behind the fifth, four wait: half of the queue.
    expect(runningWith.slice(0, 6)).toEqual([1, 2, 1, 1, 1, 1])
  })

  it('given a failing verification, when it is over, then its place is free again', async () => {
    const passwords = makePasswords({ concurrent: 1, waiting: 1 })
    await expect(passwords.verify('not a PHC string', 'x')).rejects.toThrow()
    expect(await passwords.hash('after')).toMatch(phc)
  })
})
