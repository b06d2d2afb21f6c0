/**
 * Makes everything that derives from the hand-written SDL: `subgraphs/<name>/schema.generated.ts`, `schema/subgraphs/<name>.graphql`,
 * `schema/supergraph.graphql`, `schema/api.graphql`, the typed documents of `examples/client`, the manifest of trusted documents
 * `schema/documents.json`, and the supergraph that tests of the gateway use. With `--check` it writes nothing and exits 1 when a file
 * on disk differs.
 */
import { hash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { composeServices } from '@apollo/composition'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { preset as clientPreset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import * as typescript from '@graphql-codegen/typescript'
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers'
import {
  concatAST,
  type DocumentNode,
  type GraphQLSchema,
  parse,
  print,
  printSchema,
  separateOperations,
} from 'graphql'

const root = import.meta.dirname
const generatedBy = 'Made by codegen.ts from the hand-written SDL: run `npm run codegen`, never edit.'

/** Federation's own definitions: the code generator needs them, composition brings its own. */
const federationDefinitions = /* GraphQL */ `
  scalar FieldSet
  directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @requires(fields: FieldSet!) on FIELD_DEFINITION
  directive @provides(fields: FieldSet!) on FIELD_DEFINITION
  directive @external on OBJECT | FIELD_DEFINITION
  directive @shareable repeatable on OBJECT | FIELD_DEFINITION
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
  scalar federation__Scope
  directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @requiresScopes(scopes: [[federation__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT
  directive @link(url: String!, import: [String!]) repeatable on SCHEMA
`

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

const subgraphNames = async (): Promise<string[]> =>
  (await readdir(join(root, 'subgraphs'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()

/** The types that `parents.ts` exports become the parent types of the resolvers of the same name. */
const parentTypes = async (name: string): Promise<string[]> => {
  const source = await read(`subgraphs/${name}/parents.ts`).catch(() => '')
  return [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1] ?? '')
}

const generateTypes = async (name: string, document: DocumentNode): Promise<string> => {
  const parents = (await parentTypes(name)).filter((type) => type !== 'Context')
  const config = {
    useTypeImports: true,
    enumsAsTypes: true,
    federation: true,
    emitLegacyCommonJSImports: false,
    importExtension: '.ts',
    noSchemaStitching: true,
    avoidOptionals: { field: false, inputValue: false, object: false, defaultValue: true },
    defaultScalarType: 'unknown',
    scalars: {
      ID: 'string',
      DateTime: 'number',
      Decimal: 'string',
      CurrencyCode: 'string',
      FieldSet: 'string',
      federation__Scope: 'string',
    },
    contextType: './parents.ts#Context',
    mappers: Object.fromEntries(parents.map((type) => [type, `./parents.ts#${type} as ${type}Parent`])),
  }
  const schema = { ...document, definitions: [...parse(federationDefinitions).definitions, ...document.definitions] }
  const plugins: Parameters<typeof codegen>[0]['plugins'] = [{ typescript: {} }, { resolvers: {} }]
  const pluginMap = { typescript, resolvers: typescriptResolvers }
  const code = await codegen({ filename: 'schema.generated.ts', schema, documents: [], config, plugins, pluginMap })
  return `// ${generatedBy}\n${code}`
}

/**
 * The trusted documents of a shop: each operation of its clients, with the fragments it spreads, by the SHA-256 of its text. Every
 * `*.graphql` file below these folders counts.
 */
const operationFolders = ['examples/client/operations']

const trustedDocuments = async (): Promise<string> => {
  const files = await Promise.all(
    operationFolders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }))
        .filter((file) => file.endsWith('.graphql'))
        .sort()
        .map((file) => `${folder}/${file}`),
    ),
  )
  const documents = await Promise.all(files.flat().map(async (file) => parse(await read(file), { noLocation: true })))
  const texts = Object.values(separateOperations(concatAST(documents))).map((document) => print(document))
  const entries = texts.map((text) => [hash('sha256', text), text] as const).sort()
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}

const compose = (services: { name: string; typeDefs: DocumentNode; url: string }[]): string => {
  const { supergraphSdl, errors } = composeServices(services)
  if (supergraphSdl) return supergraphSdl
  throw new Error(`The subgraphs do not compose:\n${(errors ?? []).map((error) => `  - ${error.message}`).join('\n')}`)
}

/** The documents of the example client with the types of their variables and answers, out of what its operations ask of the graph. */
const generateClient = async (schemaAst: GraphQLSchema): Promise<string> => {
  const folder = 'examples/client/operations'
  const files = (await readdir(join(root, folder))).filter((file) => file.endsWith('.graphql')).sort()
  const documents = await Promise.all(
    files.map(async (file) => {
      const rawSDL = await read(`${folder}/${file}`)
      return { location: file, rawSDL, document: parse(rawSDL) }
    }),
  )
  const config = {
    documentMode: 'string',
    enumType: 'string-literal',
    useTypeImports: true,
    strictScalars: true,
    scalars: { ID: 'string', DateTime: 'string', Decimal: 'string', CurrencyCode: 'string' },
  }
  const schema = parse(printSchema(schemaAst))
  const sections = await clientPreset.buildGeneratesSection({
    baseOutputDir: '/',
    schema,
    schemaAst,
    documents,
    config,
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
    documentTransforms: [],
  })
  // The other files of the preset are for documents that stand between lines of code.
  const typed = sections.find(({ filename }) => filename === '/graphql.ts')
  if (!typed) throw new Error('The client preset makes no graphql.ts any more.')
  return `// ${generatedBy}\n${await codegen({ ...typed, filename: 'graphql.generated.ts' })}`
}

/** A graph with everything in it that the shop's own graph does not need: `gateway/fixtures/market`. */
const composeMarket = async (): Promise<[string, string]> => {
  const folder = 'gateway/fixtures/market'
  const names = ['orders', 'products', 'shipping', 'users']
  const services = await Promise.all(
    names.map(async (name) => ({
      name,
      url: `http://${name}`,
      typeDefs: parse(await read(`${folder}/${name}.graphql`)),
    })),
  )
  return [`${folder}/supergraph.graphql`, `# ${generatedBy}\n${compose(services)}\n`]
}

const outputs = async (): Promise<Map<string, string>> => {
  const shared = await read('schema/shared.graphql')
  const names = await subgraphNames()
  const files = new Map<string, string>()
  const services = []
  for (const name of names) {
    const sdl = `${shared}\n${await read(`subgraphs/${name}/schema.graphql`)}`
    const typeDefs = parse(sdl)
    services.push({ name, typeDefs, url: `http://${name}` })
    files.set(`schema/subgraphs/${name}.graphql`, `# ${generatedBy}\n${sdl}`)
    files.set(`subgraphs/${name}/schema.generated.ts`, await generateTypes(name, typeDefs))
  }
  const supergraph = compose(services)
  files.set('schema/supergraph.graphql', `# ${generatedBy}\n${supergraph}\n`)
  // The gateway enforces the auth directives itself (gateway/authorisation.ts).
  const supportedFeatures = ROUTER_SUPPORTED_SUPERGRAPH_FEATURES
  const api = Supergraph.build(supergraph, { supportedFeatures }).apiSchema().toGraphQLJSSchema()
  files.set('schema/documents.json', await trustedDocuments())
  files.set('schema/api.graphql', `# ${generatedBy}\n${printSchema(api)}\n`)
  files.set(...(await composeMarket()))
  files.set('examples/client/graphql.generated.ts', await generateClient(api))
  return files
}

const main = async (check: boolean): Promise<void> => {
  const drifted: string[] = []
  for (const [path, content] of await outputs()) {
    const current = await read(path).catch(() => null)
    if (current === content) continue
    drifted.push(path)
    if (check) continue
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  for (const path of drifted) console.log(`${check ? 'out of date' : 'written'}: ${relative(root, join(root, path))}`)
  if (check && drifted.length > 0) {
    console.error('Run `npm run codegen` and commit the result.')
    process.exitCode = 1
  }
}

await main(process.argv.includes('--check'))
