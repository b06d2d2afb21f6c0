import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Child, startChild } from '../testing.ts'
import { judgeCorpus } from './bsonCorpus.ts'
import { translateLegacy } from './legacy.ts'
import { mismatch } from './matching.ts'
import { surprises } from './report.ts'
import { notApplicable } from './requirements.ts'
import { runTest, type Target } from './run.ts'
import { type Document, type Operation, shortName, type TestFile } from './testFile.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('./main.ts', import.meta.url))

const file: TestFile = {
  createEntities: [
    { client: { id: 'client', observeEvents: ['commandStartedEvent'] } },
    { database: { id: 'database', client: 'client', databaseName: 'conformance' } },
    { collection: { id: 'collection', database: 'database', collectionName: 'c' } },
    { session: { id: 'session', client: 'client' } },
  ],
  initialData: [{ databaseName: 'conformance', collectionName: 'c', documents: [{ _id: 1, x: 11 }] }],
  tests: [],
}

let server: Child
let target: Target

beforeAll(async () => {
  server = await startChild(['--ephemeral'])
  target = { url: server.url, internal: await mongoose.mongo.MongoClient.connect(server.url) }
})

afterAll(async () => {
  await target.internal.close()
  await server.end('SIGTERM')
})

const find: Operation = {
  name: 'find',
  object: 'collection',
  arguments: { filter: {} },
  expectResult: [{ _id: 1, x: 11 }],
}
const duplicate: Operation = { name: 'insertOne', object: 'collection', arguments: { document: { _id: 1 } } }
const insert: Operation = { name: 'insertOne', object: 'collection', arguments: { document: { _id: 2 } } }
const clientBulkWrite: Operation = {
  name: 'clientBulkWrite',
  object: 'client',
  arguments: {
    models: [{ insertOne: { namespace: 'conformance.c', document: { _id: 2 } } }],
    verboseResults: true,
  },
  expectResult: { insertedCount: 1, insertResults: { 0: { insertedId: 2 } } },
}
const bulkOf = (models: Document[], expected: Partial<Operation>): Operation => ({
  name: 'clientBulkWrite',
  object: 'client',
  arguments: { models, verboseResults: true },
  ...expected,
})
const insertInto = (_id: number): Document => ({ insertOne: { namespace: 'conformance.c', document: { _id } } })
const refusal: Operation = {
  name: 'failPoint',
  object: 'testRunner',
  arguments: {
    client: 'client',
    failPoint: {
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['bulkWrite'], errorCode: 8, errorLabels: ['Odd'] },
    },
  },
}
const updateByBulk = { updateOne: { namespace: 'conformance.c', filter: { _id: 1 }, update: { $set: { x: 2 } } } }
const watch: Operation = {
  name: 'createChangeStream',
  object: 'collection',
  arguments: { pipeline: [] },
  saveResultAsEntity: 'stream',
}
const change: Operation = {
  name: 'iterateUntilDocumentOrError',
  object: 'stream',
  expectResult: { operationType: 'insert', fullDocument: { _id: 2 } },
}
const cursorCommand: Operation = {
  name: 'runCursorCommand',
  object: 'database',
  arguments: { commandName: 'find', command: { find: 'c' }, batchSize: 1 },
  expectResult: [{ _id: 1, x: 11 }],
}
const drop = {
  configureFailPoint: 'failCommand',
  mode: { times: 1 },
  data: { failCommands: ['find'], closeConnection: true },
}

const runOperations = (operations: readonly Operation[], rest: Document = {}) =>
  runTest(file, { description: 'a test', operations, ...rest }, target)

describe('a test that the server meets', () => {
  it.each<[string, Operation[], Document]>([
    ['a result', [find], {}],
    [
      'an error',
      [{ ...duplicate, expectError: { errorCode: 11000, errorContains: 'e11000', isClientError: false } }],
      {},
    ],
    ['an ignored error', [{ ...duplicate, ignoreResultAndError: true }], {}],
    [
      'an event',
      [find],
      {
        expectEvents: [
          {
            client: 'client',
            events: [{ commandStartedEvent: { command: { find: 'c', lsid: { $$type: 'object' } } } }],
          },
        ],
      },
    ],
    ['an outcome', [find], { outcome: file.initialData }],
    [
      'a fail point',
      [{ name: 'failPoint', object: 'testRunner', arguments: { client: 'client', failPoint: drop } }, find],
      {},
    ],
    [
      'a transaction',
      [
        {
          name: 'withTransaction',
          object: 'session',
          arguments: { callback: [{ ...find, arguments: { filter: {}, session: 'session' } }] },
        },
      ],
      {},
    ],
    ['a bulk write of the client', [clientBulkWrite], {}],
    [
      'an update by a bulk write of the client, of which the driver tells more',
      [bulkOf([updateByBulk], { expectResult: { updateResults: { 0: { matchedCount: 1, modifiedCount: 1 } } } })],
      {},
    ],
    [
      'errors of single writes of the client',
      [
        bulkOf([insertInto(2), insertInto(1)], {
          expectError: { expectResult: { insertedCount: 1 }, writeErrors: { 1: { code: 11000 } } },
        }),
      ],
      {},
    ],
    [
      'a bulk write of the client that is refused as a whole',
      [
        refusal,
        bulkOf([insertInto(2)], {
          expectError: { errorCode: 8, errorLabelsContain: ['Odd'], errorResponse: { code: 8 }, isClientError: false },
        }),
      ],
      {},
    ],
    ['a change stream', [watch, insert, change], {}],
    ['a cursor of a command', [cursorCommand], {}],
  ])('given %s, then it passes', async (_name, operations, rest) => {
    expect(await runOperations(operations, rest)).toBeUndefined()
  })
})

describe('a test that the server does not meet', () => {
  it.each<[string, Operation[], Document, string]>([
    ['another result', [{ ...find, expectResult: [{ _id: 1, x: 12 }] }], {}, 'find result.0.x: expected 12, got 11'],
    ['an error', [duplicate], {}, 'insertOne failed: MongoServerError'],
    ['no error', [{ ...find, expectError: { isError: true } }], {}, 'find should have failed'],
    ['another error', [{ ...duplicate, expectError: { errorCode: 1 } }], {}, 'expected code 1, got 11000'],
    [
      'the error of another write',
      [bulkOf([insertInto(1)], { expectError: { writeErrors: { 1: { code: 11000 } } } })],
      {},
      'indexes of write errors.0: expected "1", got "0"',
    ],
    [
      'another error of a write',
      [bulkOf([insertInto(1)], { expectError: { writeErrors: { 0: { code: 1 } } } })],
      {},
      'write error 0.code: expected 1, got 11000',
    ],
    ['a missing label', [{ ...duplicate, expectError: { errorLabelsContain: ['X'] } }], {}, 'error labels lack X'],
    [
      'a missing event',
      [],
      { expectEvents: [{ client: 'client', events: [{ commandStartedEvent: {} }] }] },
      'did not come',
    ],
    ['one event too many', [find], { expectEvents: [{ client: 'client', events: [] }] }, 'unexpected events: find'],
    [
      'another outcome',
      [],
      { outcome: [{ databaseName: 'conformance', collectionName: 'c', documents: [] }] },
      'contents of c',
    ],
    ['an operation nobody knows', [{ name: 'frobnicate', object: 'collection' }], {}, 'frobnicate is unknown'],
  ])('given %s, then the reason says so', async (_name, operations, rest, reason) => {
    expect(await runOperations(operations, rest)).toContain(reason)
  })
})

const references = { entity: () => 7, lsid: () => ({ id: 1 }) }

describe('matching', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, false],
    [{ a: { $$exists: false } }, { a: null }, false],
    [{ a: { $$unsetOrMatches: 1 } }, {}, true],
    [{ a: { $$unsetOrMatches: 1 } }, { a: 2 }, false],
    [{ a: { $$type: ['int', 'string'] } }, { a: 'x' }, true],
    [{ a: { $$type: 'array' } }, { a: 'x' }, false],
    [{ a: { $$lte: 5 } }, { a: 6 }, false],
    [{ a: { $$matchesEntity: 'seven' } }, { a: 7 }, true],
    [{ a: { $$sessionLsid: 's' } }, { a: { id: 2 } }, false],
    [{ a: { $$matchAsRoot: { b: 1 } } }, { a: { b: 1, c: 2 } }, true],
    [{ a: { $$matchAsDocument: { b: 1 } } }, { a: '{"b": 2}' }, false],
    [{ a: 1 }, { a: mongoose.mongo.Long.ONE }, true],
    [[{ a: 1 }], [{ a: 1 }, { a: 1 }], false],
  ])('%j matches %j: %s', (expected, actual, matches) => {
    expect(mismatch(expected, actual, references, 'it') === undefined).toBe(matches)
  })
})

describe('files and servers', () => {
  it('given a file of the older format, then it says the same in the newer one', () => {
    const { tests, runOnRequirements } = translateLegacy({
      runOn: [{ minServerVersion: '4.0', topology: ['replicaset'] }],
      data: [{ _id: 1 }],
      tests: [
        {
          description: 'a test',
          operation: { name: 'insertOne', arguments: { document: { _id: 1 }, options: { comment: 1 } } },
          outcome: { error: true, result: { errorLabelsContain: ['X'] }, collection: { data: [{ _id: 1 }] } },
        },
      ],
    })
    expect(runOnRequirements).toEqual([{ minServerVersion: '4.0', topologies: ['replicaset'] }])
    expect(tests[0]?.operations[0]).toMatchObject({
      object: 'collection',
      arguments: { document: { _id: 1 }, comment: 1 },
      expectError: { isError: true, errorLabelsContain: ['X'] },
    })
    expect(tests[0]?.outcome).toMatchObject([{ collectionName: 'test', documents: [{ _id: 1 }] }])
  })

  it('given a file of the BSON corpus, then what is read and written differently fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'corpus-'))
    try {
      const path = join(folder, 'int32.json')
      const valid = [
        { description: 'right', canonical_bson: '0C0000001069000100000000' },
        { description: 'cut', canonical_bson: '0C00000010690001000000' },
      ]
      const decodeErrors = [
        { description: 'broken', bson: '0C00000010690001000000' },
        { description: 'fine', bson: '0C0000001069000100000000' },
      ]
      writeFileSync(path, JSON.stringify({ bson_type: '0x10', valid, decodeErrors }))
      const statuses = judgeCorpus(path, 'int32.json')?.map(({ status }) => status)
      expect(statuses).toEqual(['passed', 'failed', 'passed', 'failed'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('given requirements, then one alternative is enough', () => {
    const environment = { topology: 'single', version: '8.0.4', parameters: {} } as const
    const wrong = { minServerVersion: '8.0.10' }
    expect(notApplicable([wrong, { topologies: ['single'] }], environment)).toBeUndefined()
    expect(notApplicable([wrong, { topologies: ['sharded'] }], environment)).toBe(
      'needs version 8.0.10; needs topology sharded',
    )
  })

  it('given failures and passes, then only what is not as known is a surprise', () => {
    const verdicts = [
      { name: 'a > 1', status: 'failed', reason: '' },
      { name: 'a > 2', status: 'failed', reason: '' },
      { name: 'a > 3', status: 'passed' },
    ] as const
    expect(surprises(verdicts, { 'a > 2': 'why', 'a > 3': 'why', 'a > 4': 'not run' })).toHaveLength(2)
  })

  it('given any place of the specifications, then a name begins with its area', () => {
    expect(shortName(join('x', 'source', 'crud', 'tests', 'unified', 'find.json'))).toBe('crud/unified/find.json')
  })
})

describe('the command line', () => {
  it.each([
    ['passes', [find], 0],
    ['fails', [duplicate], 1],
  ])('given a file that %s, then the exit code and the report say so', async (_name, operations, exitCode) => {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
    try {
      const content = { ...file, schemaVersion: '1.0', tests: [{ description: 'a test', operations }] }
      writeFileSync(join(folder, 'file.json'), JSON.stringify(content))
      const outcome = await run(process.execPath, [main, '--url', server.url, folder]).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => error,
      )
      expect(outcome.code).toBe(exitCode)
      expect(outcome.stdout).toContain(exitCode === 0 ? '1 passed' : 'FAIL file.json > a test: insertOne failed')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
