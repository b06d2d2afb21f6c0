import type { Command } from '../command.ts'
import { collectionCommands } from './collections.ts'
import { collMod } from './collMod.ts'
import { create } from './create.ts'
import { indexCommands } from './indexes.ts'
import { maintenanceCommands } from './maintenance.ts'
import { searchIndexCommands } from './searchIndexes.ts'

export const catalogCommands: Readonly<Record<string, Command>> = {
  create,
  collMod,
  ...collectionCommands,
  ...indexCommands,
  ...maintenanceCommands,
  ...searchIndexCommands,
}
