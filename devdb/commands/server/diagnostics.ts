import type { Command } from '../command.ts'
import { greetingCommands } from './greeting.ts'
import { hostCommands } from './host.ts'
import { parameterCommands } from './parameters.ts'
import { replicationCommands } from './replication.ts'
import { statisticsCommands } from './statistics.ts'

/** What drivers, mongosh and Compass ask a server about itself. */
export const diagnosticCommands: Readonly<Record<string, Command>> = {
  ...greetingCommands,
  ...statisticsCommands,
  ...parameterCommands,
  ...hostCommands,
  ...replicationCommands,
}
