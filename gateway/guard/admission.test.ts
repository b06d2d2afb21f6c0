import { buildSchema, getIntrospectionQuery } from 'graphql'
import { expect, test } from 'vitest'
import { makeAdmission } from './admission.ts'
import { limits } from './limits.ts'

const schema = buildSchema('type Query { viewer: Viewer } type Viewer { id: ID name(short: Boolean): String }')
const development = makeAdmission(schema, { introspection: true, suggestions: true })
const production = makeAdmission(schema, { introspection: false, suggestions: false })
const codesOf = (text: string) => production.admit(text).errors?.map(({ extensions }) => extensions?.code)

test('given a good document, then it is admitted, and the same one is given out again', () => {
  const { document } = production.admit('{ viewer { id } }')
  expect(document).toBeDefined()
  expect(production.isGood('{ viewer { id } }')).toBe(true)
  expect(production.admit('{ viewer { id } }').document).toBe(document)
})

test.each([
  ['{', 'GRAPHQL_PARSE_FAILED'],
  ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['{ viewer { ...A } } fragment A on Viewer { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription { viewer @skip(if: true) }', 'BAD_REQUEST'],
  [`{ ${'viewer { id } '.repeat(400)} }`, 'DOCUMENT_TOO_COMPLEX'],
  [`{ viewer { id(x: ${'['.repeat(1_400)} ) } }`, 'GRAPHQL_PARSE_FAILED'],
])('given %j, then %s, the second time as the first', (text, code) => {
  expect(codesOf(text)).toEqual([code])
  expect(codesOf(text)).toEqual([code])
})

test('given too many tokens, then the refusal says how many may be', () => {
  expect(production.admit(`{ ${'a '.repeat(2_000)} }`).errors?.[0]?.extensions).toEqual({
    code: 'DOCUMENT_TOO_COMPLEX',
    limit: 'tokens',
    max: limits.tokens,
  })
})

test.each([
  `{ viewer { ${Array.from({ length: 700 }, (_, n) => `f${n}`).join(' ')} } }`,
  `query (${Array.from({ length: 300 }, (_, n) => `$v${n}: Int`).join(' ')}) { viewer { id } }`,
])('given a flood of mistakes, then at most 20 errors come back, with their places (threat: GraphQL)', (text) => {
  const { errors = [] } = production.admit(text)
  expect(errors).toHaveLength(limits.errors)
  expect(errors[0]?.locations).toHaveLength(1)
})

test('given a misspelt field, then only development says which one may be meant (threat: GraphQL)', () => {
  const text = '{ viewer { nam } }'
  expect(development.admit(text).errors?.[0]?.message).toContain('Did you mean "name"')
  expect(production.admit(text).errors?.[0]?.message).not.toContain('mean')
})

test('given the introspection query, then only development admits it (threat: GraphQL)', () => {
  expect(development.admit(getIntrospectionQuery()).errors).toBeUndefined()
  expect(new Set(codesOf(getIntrospectionQuery()))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']))
  expect(codesOf('{ __type(name: "Viewer") { name } }')).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  expect(codesOf('{ __typename }')).toBeUndefined()
})

test('given introspection that goes round in circles, then it is refused in development too (threat: GraphQL)', () => {
  const circle = '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }'
  expect(development.admit(circle).errors).toHaveLength(1)
})

test('given more documents than are kept, then memory stays bounded and the first ones are read again (R13)', () => {
  const admission = makeAdmission(schema, { introspection: false, suggestions: false })
  const texts = Array.from({ length: limits.knownDocuments + 1 }, (_, n) => `query Q${n} { viewer { id } }`)
  for (const text of texts) admission.admit(text)
  expect(texts.filter((text) => admission.isGood(text))).toHaveLength(limits.knownDocuments)
})
