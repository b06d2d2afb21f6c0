import type { Document, Operation, TestCase, TestFile } from './testFile.ts'

/** Files older than the unified format hold the same tests in another shape; this is the one place that knows it. */

const sessions = ['session0', 'session1']

type Names = { readonly database: string; readonly collection: string }

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const mapFields = (value: Document, change: (field: string, value: unknown) => unknown): Document =>
  Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, change(field, inner)]))

/** In expected commands null stands for "absent", 42 for "anything", a session's name for its id. */
const translateCommand = (value: unknown): unknown => {
  if (value === null) return { $$exists: false }
  if (value === 42 || value === '42') return { $$exists: true }
  if (Array.isArray(value)) return value.map(translateCommand)
  if (!isDocument(value)) return value
  return mapFields(value, (field, inner) => {
    if (field === 'lsid' && typeof inner === 'string') return { $$sessionLsid: inner }
    if ((field === 'multi' || field === 'upsert') && inner === false) return { $$unsetOrMatches: false }
    return translateCommand(inner)
  })
}

const translateEvent = (event: Document): Document => {
  const { command, command_name: commandName, database_name: databaseName } = event.command_started_event
  return {
    commandStartedEvent: {
      command: translateCommand(command),
      ...(commandName !== undefined && { commandName }),
      ...(databaseName !== undefined && { databaseName }),
    },
  }
}

const errorFields = ['errorContains', 'errorCode', 'errorCodeName', 'errorLabelsContain', 'errorLabelsOmit']

const translateResult = (operation: Document): Document => {
  const { error, result } = operation
  const named = isDocument(result) ? Object.keys(result).filter((field) => errorFields.includes(field)) : []
  if (named.length > 0) return { expectError: { isError: true, ...result } }
  if (error === true) return { expectError: { isError: true, ...(result !== undefined && { expectResult: result }) } }
  // Results of the older format may be left out by a driver whose server did not report them.
  return result === undefined ? {} : { expectResult: isDocument(result) ? mapFields(result, optional) : result }
}

const optional = (field: string, value: unknown): unknown =>
  field === 'insertedId' || field === 'insertedIds' ? { $$unsetOrMatches: value } : value

const renamed: Record<string, string> = {
  watch: 'createChangeStream',
  download_by_name: 'downloadByName',
}

/** Modes of read preferences once began with a capital. */
const withModes = (value: unknown): unknown => {
  if (!isDocument(value)) return value
  return mapFields(value, (field, inner) =>
    field === 'mode' && typeof inner === 'string' ? inner.charAt(0).toLowerCase() + inner.slice(1) : withModes(inner),
  )
}

const translateArguments = ({ options, requests, callback, ...rest }: Document, names: Names): Document => ({
  ...rest,
  ...options,
  ...(requests !== undefined && {
    requests: requests.map(({ name, arguments: inner }: Document) => ({ [name]: inner })),
  }),
  ...(callback !== undefined && {
    callback: callback.operations.map((inner: Document) => translateOperation(inner, names)),
  }),
})

/** Options of the object an operation is called on need an entity of their own. */
const objectOf = ({ object = 'collection', collectionOptions, databaseOptions }: Document): string => {
  const options = collectionOptions ?? databaseOptions
  return options === undefined ? object : `${object} with ${JSON.stringify(options)}`
}

const translateOperation = (operation: Document, names: Names): Operation => {
  const given = translateArguments(withModes(operation.arguments ?? {}) as Document, names)
  const isAssertion = /^assert(Collection|Index)/.test(operation.name)
  return {
    name: renamed[operation.name] ?? operation.name,
    object: objectOf(operation),
    arguments: isAssertion
      ? { databaseName: given.database, collectionName: given.collection, indexName: given.index }
      : given,
    ...translateResult(operation),
  }
}

const nested = (operation: Document): Document[] => [
  operation,
  ...(operation.arguments?.callback?.operations ?? []).flatMap(nested),
]

const ownEntities = (operations: readonly Document[], names: Names): Document[] => {
  const entities = new Map<string, Document>()
  for (const operation of operations.flatMap(nested)) {
    const { collectionOptions, databaseOptions } = operation
    const id = objectOf(operation)
    if (collectionOptions !== undefined) {
      const options = withModes(collectionOptions)
      const collection = { id, database: 'database', collectionName: names.collection, collectionOptions: options }
      entities.set(id, { collection })
    } else if (databaseOptions !== undefined) {
      entities.set(id, {
        database: { id, client: 'client', databaseName: names.database, databaseOptions: withModes(databaseOptions) },
      })
    }
  }
  return [...entities.values()]
}

const entitiesOf = (test: Document, operations: readonly Document[], names: Names): Document[] => [
  {
    client: {
      id: 'client',
      uriOptions: test.clientOptions,
      observeEvents: ['commandStartedEvent'],
      ignoreCommandMonitoringEvents: ['configureFailPoint'],
    },
  },
  { database: { id: 'database', client: 'client', databaseName: names.database } },
  { collection: { id: 'collection', database: 'database', collectionName: names.collection } },
  { bucket: { id: 'gridfsbucket', database: 'database' } },
  ...sessions.map((id) => ({
    session: { id, client: 'client', sessionOptions: withModes(test.sessionOptions?.[id]) },
  })),
  ...ownEntities(operations, names),
]

const translateTest = (test: Document, names: Names): TestCase => {
  const single = test.operation && { object: 'collection', ...test.operation, ...test.outcome, collection: undefined }
  const operations: Document[] = test.operations ?? [single]
  const { collection } = test.outcome ?? {}
  const failPoint = {
    name: 'failPoint',
    object: 'testRunner',
    arguments: { client: 'client', failPoint: test.failPoint },
  }
  return {
    description: test.description,
    skipReason: test.skipReason,
    createEntities: entitiesOf(test, operations, names),
    operations: [
      ...(test.failPoint === undefined ? [] : [failPoint]),
      ...operations.map((operation) => translateOperation(operation, names)),
      ...sessions.map((object) => ({ name: 'endSession', object })),
    ],
    expectEvents: test.expectations && [{ client: 'client', events: test.expectations.map(translateEvent) }],
    outcome: collection && [
      {
        databaseName: names.database,
        collectionName: collection.name ?? names.collection,
        documents: collection.data,
      },
    ],
  }
}

const requirementsOf = ({ runOn, minServerVersion, maxServerVersion }: Document): Document[] | undefined => {
  if (runOn !== undefined) {
    return runOn.map(({ topology, ...rest }: Document) => ({ ...rest, ...(topology && { topologies: topology }) }))
  }
  if (minServerVersion === undefined && maxServerVersion === undefined) return undefined
  return [{ ...(minServerVersion && { minServerVersion }), ...(maxServerVersion && { maxServerVersion }) }]
}

/** A file of the older formats (CRUD v1, retryable reads and writes, transactions) in the unified one. */
export const translateLegacy = (file: Document): TestFile => {
  const names = { database: file.database_name ?? 'legacy-tests', collection: file.collection_name ?? 'test' }
  const data: Document = Array.isArray(file.data) ? { [names.collection]: file.data } : (file.data ?? {})
  return {
    runOnRequirements: requirementsOf(file),
    initialData: Object.entries(data).map(([collectionName, documents]) => ({
      databaseName: names.database,
      collectionName,
      documents,
    })),
    tests: file.tests.map((test: Document) => translateTest(test, names)),
  }
}
