import type { Snapshot } from '../dumpState/snapshot.ts'
import { factInvariants } from './facts.ts'
import type { Invariant, Verdict } from './invariant.ts'
import { limitInvariants } from './limits.ts'
import { moneyInvariants } from './money.ts'
import { orderInvariants } from './orders.ts'
import { stockInvariants } from './stock.ts'

const numberOf = ({ id }: Invariant): number => Number(id.slice(1))

/** All that can be checked in a snapshot. I13 needs a client's history besides. */
export const invariants: readonly Invariant[] = [
  ...stockInvariants,
  ...orderInvariants,
  ...moneyInvariants,
  ...factInvariants,
  ...limitInvariants,
].toSorted((a, b) => numberOf(a) - numberOf(b))

export const verify = (snapshot: Snapshot): Verdict[] =>
  invariants.map(({ id, says, offences }) => ({ id, says, offences: offences(snapshot) }))

export const isClean = (verdicts: readonly Verdict[]): boolean =>
  verdicts.every(({ offences }) => offences.length === 0)

/** Rows shown of each broken invariant. */
const shown = 20

export const report = (verdicts: readonly Verdict[]): string =>
  verdicts
    .flatMap(({ id, says, offences }) => [
      `${offences.length === 0 ? 'pass' : 'FAIL'}  ${id.padEnd(4)} ${says}`,
      ...offences.slice(0, shown).map((offence) => `            ${offence}`),
      ...(offences.length > shown ? [`            and ${offences.length - shown} more`] : []),
    ])
    .join('\n')
