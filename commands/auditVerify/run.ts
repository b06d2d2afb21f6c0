import { parseArgs } from 'node:util'
import { minutes } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'

/** The shop as the check needs it. */
export interface AuditedShop {
  readonly call: SubgraphCaller
  stop(): Promise<void>
}

interface Output {
  write(text: string): unknown
}

export interface AuditVerifyOptions {
  readonly args: readonly string[]
  readonly open: () => Promise<AuditedShop>
  readonly out: Output
  readonly err: Output
}

interface Answer {
  readonly auditVerification: { readonly entries: number; readonly head: string; readonly problems: readonly string[] }
}

const document = /* GraphQL */ `
  query AuditVerification($expected: String) {
    auditVerification(expected: $expected) { entries head problems }
  }
`

const usage = 'npm run audit:verify [-- --head <number:hash>]: --head is what an earlier check printed.'

const readHead = (args: readonly string[]): string | null | undefined => {
  try {
    return parseArgs({ args: [...args], options: { head: { type: 'string' } } }).values.head ?? null
  } catch {
    return undefined
  }
}

/** A long log takes its time. */
const timeoutMs = minutes(10)

/**
 * Checks the audit log.
 * @returns the exit code: 0 untouched, 1 something was deleted or edited, 2 wrong arguments
 */
export const runAuditVerify = async ({ args, open, out, err }: AuditVerifyOptions): Promise<0 | 1 | 2> => {
  const expected = readHead(args)
  if (expected === undefined) {
    err.write(`${usage}\n`)
    return 2
  }
  const shop = await open()
  try {
    const { auditVerification } = await shop.call<Answer>('users', {
      query: document,
      variables: { expected },
      timeoutMs,
    })
    const { entries, head, problems } = auditVerification
    for (const problem of problems) err.write(`${problem}\n`)
    out.write(
      `${entries} entries, ${problems.length} problems. Head ${head}: keep it elsewhere and pass it as --head next time.\n`,
    )
    return problems.length > 0 ? 1 : 0
  } finally {
    await shop.stop()
  }
}
