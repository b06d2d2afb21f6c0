import { type Config, ConfigError, readConfig } from '#platform/config.ts'
import { DatabaseUnreachable } from '#platform/databaseUnreachable.ts'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { makeLog } from '#platform/log.ts'
import { startShop } from '../shop.ts'

const mistakes = [ConfigError, DatabaseUnreachable, EmbeddedRefused]

/** Mistakes of whoever runs a command get their sentence; a fault becomes one line, because nobody is helped by a stack trace. */
const explain = (error: unknown, failed: string): string => {
  const text = error instanceof Error ? error.message : String(error)
  return mistakes.some((kind) => error instanceof kind) ? text : `${failed}: ${text}`
}

type Shop = Awaited<ReturnType<typeof startShop>>

/** What every command of ours is given. */
export interface CommandContext {
  readonly config: Config
  /** These units in this process, over the shop's database; the shop itself may run or not. */
  readonly attach: (units: Config['units']) => Promise<Shop>
  readonly args: readonly string[]
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

/**
 * Runs a command of this process: with what the environment configures, and the exit code that it answers; 2 when it throws.
 * @param failed begins the line about a fault, as "The import failed"
 */
export const runCommand = async (failed: string, run: (context: CommandContext) => Promise<number>): Promise<void> => {
  const [out, err] = [process.stdout, process.stderr]
  try {
    const config = readConfig(process.env)
    const attach: CommandContext['attach'] = (units) =>
      startShop({ ...config, units }, { attach: true, log: makeLog('silent') })
    process.exitCode = await run({ config, attach, args: process.argv.slice(2), out, err })
  } catch (error) {
    err.write(`${explain(error, failed)}\n`)
    process.exitCode = 2
  }
}
