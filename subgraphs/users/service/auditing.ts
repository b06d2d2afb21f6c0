import { createHash } from 'node:crypto'
import type { Action } from '#kernel/act.ts'
import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actOf } from '#platform/audit.ts'
import type { Asker } from '#platform/context.ts'
import { makeSerial } from '#platform/serial.ts'
import {
  type AuditEntry,
  beginning,
  type Entry,
  type Hash,
  inspect,
  inspectEnd,
  type Link,
  seal,
} from '../domain/audit.ts'
import type { AuditModel, AuditSearch } from '../model/audit.ts'

export interface AuditingDeps {
  readonly audit: AuditModel
  readonly clock: Clock
  readonly ids: Ids
}

/** What a check of the whole log found. */
export interface Verification {
  readonly entries: number
  /** Number and hash of the last entry: kept elsewhere, they prove later that nothing before was touched. */
  readonly head: string
  /** What is wrong, at most 100 lines. */
  readonly problems: string[]
}

/** Rounds before another process has always been faster. */
const maxRounds = 50

const maxProblems = 100

const hash: Hash = (text) => createHash('sha256').update(text).digest('base64url')

/** The audit log: entries are added at its end and never touched again. */
export const makeAuditing = ({ audit, clock, ids }: AuditingDeps) => {
  const serial = makeSerial()
  const known: { last: Link | null } = { last: null }

  /** Where the chain goes on. When entries were deleted at its end, it goes on where it was, so that the gap shows. */
  const findLast = async (): Promise<Link> => {
    const [last, head] = [(await audit.last()) ?? beginning, (await audit.head()) ?? beginning]
    return head.seq > last.seq ? head : last
  }

  const place = async (entry: Entry): Promise<void> => {
    for (let round = 0; round < maxRounds; round++) {
      const sealed = seal(known.last ?? (await findLast()), entry, hash)
      const outcome = await audit.insert(sealed)
      if (outcome === 'known') return
      known.last = outcome === 'added' ? sealed : null
      if (outcome === 'added') return audit.setHead(sealed)
    }
    throw new ShopError('CONFLICT', 'The audit log is being written by others; try again.')
  }

  return {
    /** Adds an entry; one that is there already is not added again (rule R7). */
    append: (entry: Entry): Promise<void> => serial('audit', () => place(entry)),

    /** Adds an act that changed nothing and so is in no other document. */
    note: (asker: Asker, action: Action, target: string | null): Promise<void> =>
      serial('audit', () => place({ _id: ids.next('evt'), at: clock.now(), ...actOf(asker, action, target) })),

    /** Entries that meet the conditions, youngest first. */
    page: (search: AuditSearch): Promise<AuditEntry[]> => audit.page(search),
    count: (search: AuditSearch): Promise<number> => audit.count(search),

    /** Reads the whole log and reports what was deleted or edited. `expected` is a head that was noted before. */
    verify: async (expected: string | null): Promise<Verification> => {
      const head = (await audit.head()) ?? beginning
      const problems: string[] = []
      let [before, entries, atHead, atExpected]: [Link, number, Link | null, boolean] = [beginning, 0, null, false]
      for await (const entry of audit.all()) {
        problems.push(...inspect(before, entry, hash))
        if (entry.seq === head.seq) atHead = entry
        if (headText(entry) === expected) atExpected = true
        before = entry
        entries += 1
      }
      problems.push(...inspectEnd(before, head, atHead))
      if (expected !== null && !atExpected) problems.push(`There is no entry ${expected}.`)
      return { entries, head: headText(before), problems: problems.slice(0, maxProblems) }
    },
  }
}

const headText = ({ seq, hash: text }: Link): string => `${seq}:${text}`

export type Auditing = ReturnType<typeof makeAuditing>
