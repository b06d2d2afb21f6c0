import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { days, type Millis, seconds } from '#kernel/time.ts'
import { isActive, maxSessions, refresh, revoke, type Session, startSession, surplusSessions } from './session.ts'

const start = Date.UTC(2026, 10, 22)
const guest = { kind: 'guest', guestId: 'gst_1' } as const

const session = (changes: Partial<Session> = {}): Session => ({
  ...startSession(
    { _id: 'ses_1', subject: guest, familyHash: 'family', tokenHash: 't0', userAgent: '', tokenVersion: 0 },
    start,
  ),
  ...changes,
})

/** Generation n has the hash `tn` and leads to `t(n+1)` only: what the derivation of successors guarantees. */
const show = (generation: number) => ({ tokenHash: `t${generation}`, successorHash: `t${generation + 1}` })

const rotated = (from: Session, generation: number, now: Millis): Session => {
  const outcome = refresh(from, show(generation), now)
  if (outcome.kind !== 'rotated') throw new Error(`expected a rotation, got ${outcome.kind}`)
  return outcome.session
}

describe('refreshing a session', () => {
  it('given the current token, when shown, then its successor becomes current and the idle life starts anew', () => {
    const now = start + days(3)
    expect(rotated(session(), 0, now)).toEqual({
      ...session(),
      lastUsedAt: now,
      tokenHash: 't1',
      parent: { hash: 't0', rotatedAt: now },
      idleExpiresAt: now + days(7),
    })
  })

  it('given the parent within 10 s, when shown again, then the same successor is answered and nothing changes', () => {
    const child = rotated(session(), 0, start)
    expect(refresh(child, show(0), start + seconds(10))).toEqual({ kind: 'repeated' })
  })

  it('given the parent after the grace, when shown again, then the family ends (threat: sessions)', () => {
    const child = rotated(session(), 0, start)
    const now = start + seconds(10) + 1
    expect(refresh(child, show(0), now)).toEqual({ kind: 'reused', session: { ...child, revokedAt: now } })
  })

  it('given the grandparent, when shown within 10 s, then the family ends: the grace is for the immediate parent only (threat: sessions)', () => {
    const grandchild = rotated(rotated(session(), 0, start), 1, start + 1)
    expect(refresh(grandchild, show(0), start + 2).kind).toBe('reused')
  })

  it('given a parent that leads elsewhere (the derivation secret changed), when shown, then no other token is let in', () => {
    const child = rotated(session(), 0, start)
    expect(refresh(child, { tokenHash: 't0', successorHash: 'other' }, start + 1).kind).toBe('reused')
    expect(refresh(child, { tokenHash: 'other', successorHash: 't1' }, start + 1).kind).toBe('reused')
  })

  it('given an ended session, when any of its tokens is shown, then it is refused (threat: sessions)', () => {
    const ended = revoke(rotated(session(), 0, start), start + 1)
    expect([0, 1, 2].map((generation) => refresh(ended, show(generation), start + 2).kind)).toEqual([
      'refused',
      'refused',
      'refused',
    ])
  })

  it('given an ended session, when ended again, then the first time stays', () => {
    expect(revoke(revoke(session(), start + 1), start + 2).revokedAt).toBe(start + 1)
  })

  it('given 7 idle days, when the current token is shown, then it is refused', () => {
    expect(refresh(session(), show(0), start + days(7) - 1).kind).toBe('rotated')
    expect(refresh(session(), show(0), start + days(7)).kind).toBe('refused')
  })

  it('given daily refreshes, when 30 days have passed, then the session ends all the same', () => {
    const aged = Array.from({ length: 29 }, (_, day) => day).reduce(
      (current, day) => rotated(current, day, start + days(day + 1)),
      session(),
    )
    expect(aged.idleExpiresAt).toBe(start + days(30))
    expect(isActive(aged, start + days(30) - 1)).toBe(true)
    expect(refresh(aged, show(29), start + days(30)).kind).toBe('refused')
  })

  it('C14: given tokens of any generation at any time, then one token at most is current and only it moves on', () => {
    const steps = fc.array(fc.record({ back: fc.nat(4), pause: fc.nat(seconds(15)) }), { maxLength: 40 })
    fc.assert(
      fc.property(steps, (presentations) => {
        const state = { session: session(), generation: 0, now: start }
        for (const { back, pause } of presentations) {
          state.now += pause
          const shown = Math.max(0, state.generation - back)
          const before = state.session
          const outcome = refresh(before, show(shown), state.now)
          const inGrace =
            shown === state.generation - 1 && state.now - (before.parent?.rotatedAt ?? Number.NaN) <= seconds(10)
          const expected = !isActive(before, state.now)
            ? 'refused'
            : shown === state.generation
              ? 'rotated'
              : inGrace
                ? 'repeated'
                : 'reused'
          expect(outcome.kind).toBe(expected)
          if (outcome.kind === 'rotated') state.generation += 1
          if ('session' in outcome) state.session = outcome.session
          if (outcome.kind === 'reused') expect(isActive(state.session, state.now)).toBe(false)
          expect(state.session.tokenHash).toBe(`t${state.generation}`)
        }
      }),
    )
  })
})

describe('the number of sessions', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => session({ _id: `ses_${String(n).padStart(2, '0')}`, createdAt: start + n }))

  it('given at most 10 active sessions, then none is surplus', () => {
    expect(surplusSessions(many(maxSessions), start)).toEqual([])
  })

  it('given 12, then the two oldest are, whatever order they come in', () => {
    expect(surplusSessions(many(12).toReversed(), start).map(({ _id }) => _id)).toEqual(['ses_01', 'ses_00'])
  })

  it('given ended and expired ones among them, then these do not count', () => {
    const ended = [session({ revokedAt: start }), session({ idleExpiresAt: start })]
    expect(surplusSessions([...many(10), ...ended], start)).toEqual([])
  })

  it('given sessions of the same millisecond, then the smaller id counts as older', () => {
    const twins = many(11).map((each) => ({ ...each, createdAt: start }))
    expect(surplusSessions(twins, start).map(({ _id }) => _id)).toEqual(['ses_00'])
  })
})
