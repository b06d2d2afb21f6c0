import { MongoError } from '../../errors.ts'
import type { Command } from '../command.ts'

/** What a MongoDB outside of Atlas answers to whatever concerns search indexes. */
export const searchNotEnabled = (): Error =>
  new MongoError(
    31082,
    'SearchNotEnabled',
    'Using Atlas Search Database Commands and the $listSearchIndexes aggregation stage requires additional configuration. Please connect to Atlas or an AtlasCLI local deployment to enable.',
  )

const refused = (options: readonly string[]): Command => ({
  options,
  run: ({ server }) => {
    server.counters.count('command')
    throw searchNotEnabled()
  },
})

export const searchIndexCommands: Readonly<Record<string, Command>> = {
  createSearchIndexes: refused(['indexes']),
  dropSearchIndex: refused(['id', 'name']),
  updateSearchIndex: refused(['id', 'name', 'definition']),
}
