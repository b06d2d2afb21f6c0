import { subgraphNames } from '../../platform/config.ts'
import { isTest, type Repository, type Rule } from './repository.ts'
import { subgraphOf } from './rooms.ts'
import type { Import, Source } from './source.ts'

type Layer =
  | 'index'
  | 'resolvers'
  | 'loaders'
  | 'service'
  | 'consumers'
  | 'jobs'
  | 'clients'
  | 'model'
  | 'adapter'
  | 'domain'
  | 'events'
  | 'parents'
  | 'schema.generated'

/** What a layer may import of its own subgraph, besides itself; `types` may only be imported as types. */
const mayUse: Readonly<Record<Layer, { readonly values: readonly Layer[]; readonly types?: readonly Layer[] }>> = {
  index: {
    values: ['resolvers', 'loaders', 'service', 'consumers', 'jobs', 'clients', 'model', 'adapter', 'domain'],
    types: ['events', 'parents'],
  },
  resolvers: { values: ['service', 'domain'], types: ['parents', 'schema.generated', 'loaders', 'adapter'] },
  loaders: { values: ['model', 'clients', 'domain'], types: ['parents'] },
  service: { values: ['domain', 'model', 'clients'], types: ['events', 'adapter'] },
  consumers: { values: ['service', 'domain'], types: ['events'] },
  jobs: { values: ['service'] },
  clients: { values: ['domain'] },
  model: { values: ['domain'], types: ['events'] },
  adapter: { values: ['domain'], types: ['model'] },
  domain: { values: [] },
  events: { values: [] },
  parents: { values: [], types: ['domain', 'loaders', 'service', 'model', 'clients'] },
  'schema.generated': { values: [], types: ['parents'] },
}

/**
 * Adapters: files beside the floor plan that wrap something outside of the shop, a library or a provider, behind a port of ours.
 * A new one is a decision: it is added here, with what it wraps.
 */
const adapters: Readonly<Record<string, readonly string[]>> = {
  users: [
    'accessTokens' /* jsonwebtoken */,
    'mailTokens' /* node:crypto */,
    'passwords' /* argon2 */,
    'refreshTokens' /* node:crypto */,
  ],
  orders: ['accessTokens' /* node:crypto: tokens that show an order to a guest */],
  payments: ['provider' /* the port */, 'sandbox' /* the line to the sandbox provider */],
}

const namesOfLayers = Object.keys(mayUse).filter((name) => name !== 'adapter')

/** `subgraphs/cart/service/lines.ts` and `subgraphs/cart/service.ts` are both the layer `service`. */
const layerOf = (path: string): Layer | undefined => {
  const name = /^subgraphs\/[^/]+\/([^/]+?)(?:\.ts$|\/)/.exec(path)?.[1] ?? ''
  if (adapters[subgraphOf(path) ?? '']?.includes(name)) return 'adapter'
  return namesOfLayers.includes(name) ? (name as Layer) : undefined
}

const inSubgraphs = ({ sources }: Repository): Source[] =>
  [...sources.values()].filter(({ path }) => subgraphOf(path) && !isTest(path))

const isWithin = (path: string, found: Import): boolean => subgraphOf(found.target) === subgraphOf(path)

const isDownwards = (from: Layer, found: Import): boolean => {
  const to = layerOf(found.target)
  const { values, types = [] } = mayUse[from]
  if (!to) return false
  return from === to || values.includes(to) || (found.kind === 'type' && types.includes(to))
}

const checkLayers = (repository: Repository): string[] =>
  inSubgraphs(repository).flatMap(({ path, imports }) => {
    const from = layerOf(path)
    if (!from) return []
    return imports
      .filter((found) => isWithin(path, found) && !isDownwards(from, found))
      .map(
        ({ specifier, kind }) => `${path} (${from}) may not import ${specifier}${kind === 'type' ? '' : ' as a value'}`,
      )
  })

const checkDomain = (repository: Repository): string[] =>
  inSubgraphs(repository).flatMap(({ path, imports }) =>
    layerOf(path) !== 'domain'
      ? []
      : imports
          .filter((found) => !found.target.startsWith('platform/kernel/') && !isWithin(path, found))
          .map(({ specifier }) => `${path} may import the kernel and its own domain, not ${specifier}`),
  )

/** Where time and chance come from. A hash is neither: the same input gives the same output. */
const impure =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b|\brandom(?:Bytes|UUID|Int)\b|\bset(?:Timeout|Interval|Immediate)\b/

const checkPurity = (repository: Repository): string[] =>
  inSubgraphs(repository).flatMap(({ path, code }) => {
    const layer = layerOf(path)
    if (layer !== 'domain' && layer !== 'service') return []
    return (impure.exec(code) ?? []).map((found) => `${path} must be given what ${found} gives`)
  })

const isKnownFile = (path: string): boolean => {
  const [, , ...rest] = path.split('/')
  const [first = ''] = rest
  if (/\.test\.ts$/.test(path) || layerOf(path)) return true
  return rest.length === 1 && ['README.md', 'schema.graphql', 'clients.memory.ts', 'testing.ts'].includes(first)
}

const checkFloorPlan = ({ texts }: Repository): string[] => {
  const paths = [...texts.keys()].filter((path) => subgraphOf(path))
  const twice = paths.filter((path) => texts.has(`${path.split('/').slice(0, 3).join('/')}.ts`))
  return [
    ...paths.filter((path) => !isKnownFile(path)).map((path) => `${path} is not on the floor plan of a subgraph`),
    ...twice.map((path) => `${path} lies in a folder that has a file of the same name beside it`),
  ]
}

const checkRegistry = ({ texts, sources }: Repository): string[] => {
  const folders = new Set([...texts.keys()].flatMap((path) => subgraphOf(path) ?? []))
  const lines = sources.get('subgraphs/index.ts')?.imports.flatMap(({ target }) => subgraphOf(target) ?? []) ?? []
  const known: readonly string[] = subgraphNames
  const all = new Set([...folders, ...lines, ...known])
  return [...all].flatMap((name) => [
    ...(folders.has(name) ? [] : [`subgraphs/${name} is known but has no folder`]),
    ...(lines.includes(name) ? [] : [`subgraphs/index.ts has no line for ${name}`]),
    ...(known.includes(name) ? [] : [`platform/config.ts does not name ${name} in subgraphNames`]),
  ])
}

/** Types of a schema are gone when the shop runs; the documents of an example are values. */
const checkGenerated = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, imports }) =>
    imports
      .filter(({ target, kind }) => target.endsWith('/schema.generated.ts') && kind !== 'type')
      .map(({ specifier }) => `${path} must import ${specifier} with \`import type\``),
  )

export const layerRules: readonly Rule[] = [
  { name: 'inside a subgraph imports go downwards', check: checkLayers },
  { name: 'a domain knows the kernel and itself', check: checkDomain },
  { name: 'domain and service are given clock, ids and randomness', check: checkPurity },
  { name: 'every subgraph keeps to the floor plan', check: checkFloorPlan },
  { name: 'registry, folders and subgraphNames agree', check: checkRegistry },
  { name: 'generated code is imported as types only', check: checkGenerated },
]
