import { parseArgs } from 'node:util'
import type { SubgraphCaller } from '#platform/caller.ts'

interface Output {
  write(text: string): unknown
}

export interface AdminOptions {
  readonly args: readonly string[]
  /** Opens the shop; only called when the arguments are in order. */
  readonly open: () => Promise<{ readonly call: SubgraphCaller; stop(): Promise<void> }>
  readonly out: Output
  readonly err: Output
}

interface Answer {
  readonly makeAdmin: {
    readonly accountId: string | null
    readonly userErrors: readonly { readonly message: string }[]
  }
}

const document = /* GraphQL */ `
  mutation MakeAdmin($input: MakeAdminInput!) {
    makeAdmin(input: $input) { accountId userErrors { message } }
  }
`

const usage = 'npm run admin -- --email <address>: the account must exist, so sign up first.'

const readEmail = (args: readonly string[]): string | null => {
  try {
    return parseArgs({ args: [...args], options: { email: { type: 'string' } } }).values.email ?? null
  } catch {
    return null
  }
}

/**
 * Makes an account an administrator.
 * @returns the exit code: 0 done, 1 refused, 2 wrong arguments
 */
export const runAdmin = async ({ args, open, out, err }: AdminOptions): Promise<0 | 1 | 2> => {
  const email = readEmail(args)
  if (email === null) {
    err.write(`${usage}\n`)
    return 2
  }
  const shop = await open()
  try {
    const { makeAdmin } = await shop.call<Answer>('users', { query: document, variables: { input: { email } } })
    const [refused] = makeAdmin.userErrors
    if (refused) err.write(`${refused.message}\n`)
    else out.write(`${makeAdmin.accountId} is an administrator. Its access tokens have the role within a second.\n`)
    return refused ? 1 : 0
  } finally {
    await shop.stop()
  }
}
