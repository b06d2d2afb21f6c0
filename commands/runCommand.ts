import { type Config, ConfigError, readConfig } from '#platform/config.ts'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { DatabaseUnreachable } from '#platform/mongo.ts'

const mistakes = [ConfigError, DatabaseUnreachable, EmbeddedRefused]

/** Mistakes of whoever runs a command get their sentence; a fault becomes one line, because nobody is helped by a stack trace. */
const explain = (error: unknown, failed: string): string => {
  const text = error instanceof Error ? error.message : String(error)
  return mistakes.some((kind) => error instanceof kind) ? text : `${failed}: ${text}`
}

/** What every command of ours is given. */
export interface CommandContext {
  readonly config: Config
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
    process.exitCode = await run({ config: readConfig(process.env), args: process.argv.slice(2), out, err })
  } catch (error) {
    err.write(`${explain(error, failed)}\n`)
    process.exitCode = 2
  }
}
