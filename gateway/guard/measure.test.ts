import { getIntrospectionQuery, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { type LimitName, limits } from './limits.ts'
import { refuseDocument } from './measure.ts'

const refusalOf = (text: string) => refuseDocument(parse(text, { maxTokens: limits.tokens, noLocation: true }))

const many = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ')
const nested = (depth: number): string => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`
/** Each fragment spreads the next one twice: 2^n selections. */
const doubling = (count: number, inner = 'a'): string =>
  `{ t { ...F0 } } ${many(count, (n) => `fragment F${n} on T { ...F${n + 1} ...F${n + 1} }`)} fragment F${count} on T { ${inner} }`

describe('documents at a limit and one above it (threat: GraphQL)', () => {
  test.each<[LimitName, (count: number) => string]>([
    ['depth', nested],
    ['introspectionDepth', (count) => `{ __schema ${nested(count - 1)} }`],
    ['aliases', (count) => `{ a { b { ${many(count, (n) => `x${n}: c`)} } } }`],
    ['rootFields', (count) => `{ ${many(count, (n) => `f${n}`)} }`],
    ['repeatedFields', (count) => `{ a { b ${'b '.repeat(count)} } }`],
    ['directives', (count) => `{ a { ${many(count, (n) => `f${n} @d`)} } }`],
    ['directivesPerPlace', (count) => `{ a ${'@d '.repeat(count)} }`],
    ['operations', (count) => many(count, (n) => `query Q${n} { a }`)],
    ['fragments', (count) => `{ a } ${many(count, (n) => `fragment F${n} on T { a }`)}`],
    ['mutations', (count) => `mutation { ${many(count, (n) => `m${n}`)} }`],
    ['attempts', (count) => `mutation { ${many(count, (n) => `m${n}: signIn`)} }`],
    ['inputList', (count) => `{ a(list: [${'1 '.repeat(count)}]) }`],
    ['inputDepth', (count) => `{ a(list: ${'['.repeat(count)}${']'.repeat(count)}) }`],
  ])('%s', (limit, make) => {
    const max = limits[limit]
    expect(refusalOf(make(max))).toBeNull()
    expect(refusalOf(make(max + 1))?.extensions).toEqual({ code: 'DOCUMENT_TOO_COMPLEX', limit, max, actual: max + 1 })
  })

  test('selections: counted with fragments expanded', () => {
    expect(refusalOf(doubling(8))).toBeNull()
    expect(refusalOf(doubling(11))?.extensions).toMatchObject({ limit: 'selections', max: limits.selections })
  })
})

describe('ways round a limit (threat: GraphQL)', () => {
  test.each<[string, string, LimitName]>([
    [
      'depth through fragments',
      `{ ...A } fragment A on T ${nested(6)} fragment B on T { x { ...A } } query Q { y { z { v { w { ...B } } } } }`,
      'depth',
    ],
    ['depth through inline fragments', `{ ... on T ${nested(11)} }`, 'depth'],
    ['root fields through fragments', `{ ...A ...A } fragment A on T { ${many(6, (n) => `f${n}`)} }`, 'rootFields'],
    ['mutations through a fragment', `mutation { ...A } fragment A on T { ${many(6, (n) => `f${n}`)} }`, 'mutations'],
    ['two different attempts', 'mutation { signIn { a } resetPassword { a } }', 'attempts'],
    [
      'attempts through a fragment',
      'mutation { ...A b: signIn { a } } fragment A on Mutation { signIn { a } }',
      'attempts',
    ],
    ['a second operation', `{ a } query B ${nested(11)}`, 'depth'],
    [
      'aliases in a fragment that nobody spreads',
      `{ a } fragment A on T { ${many(21, (n) => `x${n}: c`)} }`,
      'aliases',
    ],
    [
      'directives on variables and operations',
      `query Q(${many(11, (n) => `$v${n}: Int @d`)}) @d { ${many(9, (n) => `f${n} @d`)} }`,
      'directives',
    ],
    ['a long default of a variable', `query Q($v: [Int!]! = [${'1 '.repeat(251)}]) { a }`, 'inputList'],
    ['a long list in the argument of a directive', `{ a @d(list: [${'1 '.repeat(251)}]) }`, 'inputList'],
    ['empty fragments that double', doubling(40, '__typename'), 'selections'],
  ])('%s', (_, text, limit) => {
    expect(refusalOf(text)?.extensions).toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX', limit })
  })

  test('fragments in a circle come to an end here; validation refuses them', () => {
    expect(refusalOf('{ ...A } fragment A on T { a ...B } fragment B on T { ...A }')).toBeNull()
  })

  test('a spread of nothing comes to an end here; validation refuses it', () => {
    expect(refusalOf('{ ...A }')).toBeNull()
  })
})

test('the introspection query of explorers passes', () => {
  const query = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  })
  expect(refusalOf(query)).toBeNull()
})

describe('subscriptions', () => {
  test.each([
    'subscription { cartUpdated @include(if: true) { seq } }',
    'subscription ($x: Boolean!) { cartUpdated @skip(if: $x) { seq } }',
    'query A { viewer { id } } subscription B { ...F @include(if: false) } fragment F on Subscription { cartUpdated { seq } }',
  ])('given %s, then it is refused: graphql-js throws on it', (text) => {
    expect(refusalOf(text)?.extensions).toEqual({ code: 'BAD_REQUEST' })
  })

  test('given a directive below, then it goes on', () => {
    expect(refusalOf('subscription { cartUpdated { seq @include(if: true) } }')).toBeNull()
  })
})
