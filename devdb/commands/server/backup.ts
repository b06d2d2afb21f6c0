import { join } from 'node:path'
import { failure } from '../../errors.ts'
import { DiskError } from '../../storage/store.ts'
import { type Command, stringOption } from '../command.ts'

/**
 * `{devdbBackup: name}`: a copy of all data on disk, made in the data folder while the server goes on. Not a command of
 * MongoDB; what a client may name is a file of this folder only.
 */
const devdbBackup: Command = {
  options: [],
  run: async ({ server, body, database }) => {
    server.counters.count('command')
    const name = stringOption(body, 'devdbBackup')
    if (database !== 'admin') throw failure('Unauthorized', 'devdbBackup may only be run against the admin database.')
    if (!/^[\w-]{1,64}$/.test(name))
      throw failure('BadValue', `devdbBackup: letters, digits, - and _ make a name, not '${name}'`)
    const { data } = server.startup
    if (data === undefined) throw failure('IllegalOperation', 'an ephemeral database has nothing to back up')
    const file = join(data, `${name}.sqlite`)
    await server.copyTo(file).catch((error: unknown) => {
      throw error instanceof DiskError ? failure('OutOfDiskSpace', error.message) : error
    })
    return { file }
  },
}

export const backupCommands: Readonly<Record<string, Command>> = { devdbBackup }
