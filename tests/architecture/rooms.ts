import { isTest, type Repository, type Rule } from './repository.ts'
import type { Import } from './source.ts'

/** Who may import whom between the top-level rooms. The rooms below a name are the ones it may import besides itself. */
const mayImport = {
  kernel: [],
  platform: ['kernel'],
  subgraph: ['kernel', 'platform'],
  registry: ['platform'],
  gateway: ['kernel', 'platform'],
  workers: ['kernel', 'platform', 'registry'],
  devdb: [],
  provider: [],
  shop: ['kernel', 'platform', 'gateway', 'workers', 'registry', 'provider'],
  // The provider: to read its books where it has no port that anybody knows.
  commands: ['kernel', 'platform', 'registry', 'shop', 'provider'],
  // The gateway: only to start it over somebody else's graph, without a shop.
  start: ['kernel', 'platform', 'shop', 'commands', 'gateway'],
  // What a container is given follows from the settings of its unit.
  deploy: ['platform'],
  codegen: [],
  examples: [],
} as const satisfies Record<string, readonly string[]>

type Room = keyof typeof mayImport

const rooms: readonly (readonly [RegExp, Room])[] = [
  [/^platform\/kernel\//, 'kernel'],
  [/^platform\//, 'platform'],
  [/^subgraphs\/index\.ts$/, 'registry'],
  [/^subgraphs\/[^/]+\//, 'subgraph'],
  [/^gateway\//, 'gateway'],
  [/^workers\//, 'workers'],
  [/^devdb\//, 'devdb'],
  [/^provider\//, 'provider'],
  [/^commands\//, 'commands'],
  [/^deploy\//, 'deploy'],
  [/^shop(\.ts$|\/)/, 'shop'],
  [/^start(\.ts$|\/)/, 'start'],
  [/^codegen\.ts$/, 'codegen'],
  [/^examples\//, 'examples'],
]

const roomOf = (path: string): Room | undefined => rooms.find(([pattern]) => pattern.test(path))?.[1]

export const subgraphOf = (path: string): string | undefined => /^subgraphs\/([^/]+)\//.exec(path)?.[1]

/** Published event types are what a subgraph shows of itself, to siblings and to the workers. */
const isEventType = ({ kind, target }: Import): boolean =>
  kind === 'type' && /^subgraphs\/[^/]+\/events\.ts$/.test(target)

/** The registry names each subgraph in a line that loads it only when it is asked for. */
const isLazyLine = ({ kind, target }: Import): boolean =>
  kind === 'dynamic' && /^subgraphs\/[^/]+\/index\.ts$/.test(target)

const isAllowed = (path: string, from: Room, found: Import): boolean => {
  const to = roomOf(found.target)
  if (found.isPackage) return from !== 'kernel'
  if (!to || isTest(found.target)) return false
  if (from === 'subgraph' && to === 'subgraph')
    return subgraphOf(path) === subgraphOf(found.target) || isEventType(found)
  if (from === 'workers' && to === 'subgraph') return isEventType(found)
  if (from === 'registry' && to === 'subgraph') return isLazyLine(found)
  const allowed: readonly Room[] = mayImport[from]
  return from === to || allowed.includes(to)
}

const checkRooms = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, imports }) => {
    if (isTest(path)) return []
    const from = roomOf(path)
    if (!from) return [`${path} is in no known room`]
    return imports
      .filter((found) => !isAllowed(path, from, found))
      .map(({ specifier }) => `${path} (${from}) may not import ${specifier}`)
  })

const isProgram = (target: string): boolean => target === 'start.ts' || target === 'codegen.ts'

const checkPrograms = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, imports }) =>
    imports.filter(({ target }) => isProgram(target)).map(({ target }) => `${path} imports the program ${target}`),
  )

export const roomRules: readonly Rule[] = [
  { name: 'a room imports only the rooms it may know', check: checkRooms },
  { name: 'nobody imports start.ts or codegen.ts, not even a test', check: checkPrograms },
]
