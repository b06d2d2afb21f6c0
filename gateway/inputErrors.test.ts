import { buildSchema, type GraphQLError, getVariableValues, Kind, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { withoutInput } from './inputErrors.ts'

const canary = 'cAnArY'
const schema = buildSchema(`
  enum Mood { GOOD BAD }
  input Deep { n: Int! mood: Mood text: String list: [Int!] }
  type Query { a(n: Int, f: Float, t: String, b: Boolean, id: ID, mood: Mood, deep: Deep): Int }
`)

const variableMessages = (types: string, values: object): string[] => {
  const [operation] = parse(`query (${types}) { a }`).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  return (
    getVariableValues(schema, operation.variableDefinitions ?? [], values as never).errors?.map(
      ({ message }) => message,
    ) ?? []
  )
}

test('given variables that do not fit, when the error is shown, then the place and the reason stay and the value goes (threat: privacy)', () => {
  const hostile = [
    canary,
    { [canary]: canary },
    [canary],
    `x at "${canary}"; y`,
    `x; Field "${canary}" of required type "Int!" was not provided`,
  ]
  for (const value of hostile) {
    for (const type of ['Int', 'Float', 'Boolean', 'ID!', 'Mood', 'Deep', '[Int!]!']) {
      for (const values of [{ v: value }, { v: { n: value, mood: value, text: { value }, list: [value] } }]) {
        for (const message of variableMessages(`$v: ${type}`, values)) {
          expect(withoutInput(message), message).not.toContain(canary)
          expect(withoutInput(message)).toMatch(/^Variable "\$v" got an invalid value/)
        }
      }
    }
  }
  expect(variableMessages('$v: Deep', { v: {} }).map(withoutInput)).toEqual([
    'Variable "$v" got an invalid value: field "n" of type "Int!" is missing.',
  ])
  expect(variableMessages('$v: Deep', { v: { n: canary } }).map(withoutInput)).toEqual([
    'Variable "$v" got an invalid value at "v.n": it does not fit its type.',
  ])
})

test('given literals and syntax that do not fit, when the error is shown, then the value goes (threat: privacy)', () => {
  const literals = ['n', 'f', 'b', 'id', 'mood', 'deep', 't'].flatMap((name) =>
    [`"${canary}"`, canary, `[{ x: "${canary}" }]`, `{ n: "${canary}" }`].map((value) => `{ a(${name}: ${value}) }`),
  )
  for (const document of literals) {
    for (const { message } of validate(schema, parse(document)))
      expect(withoutInput(message), message).not.toContain(canary)
  }
  for (const text of [
    `{ "${canary}" }`,
    `{ a(t: "${canary}`,
    `{ a( ${canary} ${canary} }`,
    `"${canary}"`,
    `{ a } ${canary}`,
    `{ a(n: 1${canary}) }`,
  ]) {
    try {
      parse(text)
    } catch (error) {
      expect(withoutInput((error as GraphQLError).message), (error as GraphQLError).message).not.toContain(canary)
    }
  }
  expect(withoutInput(`Unknown operation named "${canary}".`)).toBe('There is no operation of this name.')
  expect(withoutInput('There is no such order.')).toBe('There is no such order.')
})
