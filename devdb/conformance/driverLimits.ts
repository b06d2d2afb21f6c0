import type { TestCase } from './testFile.ts'

/** What the Node driver does otherwise than the tests say, or does only where there is a secondary: no server could change it. */
const limits: readonly (readonly [RegExp, string])[] = [
  [/^Unacknowledged .* with hint .* on 4\.[24]\+ server$/, 'the driver refuses hints on unacknowledged writes'],
  [/^Unacknowledged .* with hints? .*fails with client-side error$/, 'refused for servers before 4.2 and 4.4 only'],
  [/^readPreference inherited from client$/, 'needs a secondary'],
  [/^run command with secondary read preference in client option /, 'needs a secondary'],
  [/^transaction options inherited from client$/, 'the driver changes the read concern it was given'],
  [/^First insertOne is never committed$/, 'the driver counts ids as inserted that a lost connection hid'],
  [/^partialResult is unset when /, 'the driver always reports a partial result'],
  [/^client bulkWrite with writeConcern in a transaction /, 'the driver drops the write concern instead'],
  [/^inserting _id with type null via (insert|bulk|clientBulk)/, 'the driver takes null for no id'],
]

const operations: Readonly<Record<string, string>> = {
  mapReduce: 'the driver has no mapReduce',
  listDatabaseObjects: 'the driver has no listDatabaseObjects',
}

/** Why the driver cannot run a test; undefined when it can. */
export const driverLimit = (test: TestCase): string | undefined => {
  if (test.expectLogMessages !== undefined) return "tests the driver's log, not a server"
  const operation = test.operations.find(({ name }) => Object.hasOwn(operations, name))
  return operation !== undefined
    ? operations[operation.name]
    : limits.find(([description]) => description.test(test.description))?.[1]
}
