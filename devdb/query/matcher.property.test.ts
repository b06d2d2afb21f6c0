import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Doc, Value } from '../bson/values.ts'
import { parseFilter } from './matcher.ts'

// A second, slow reading of the rules: it lists every value a path stands for and knows only null, int and string.
type Leaf = { readonly value: Value | undefined; readonly opens: boolean }

const isObject = (value: Value | undefined): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const leaves = (value: Value | undefined, path: readonly string[]): Leaf[] => {
  const [part = '', ...rest] = path
  if (path.length === 0) return [{ value, opens: true }]
  if (isObject(value)) return leaves(value[part], rest)
  if (!Array.isArray(value)) return [{ value: undefined, opens: true }]
  const inside = value.filter(isObject).flatMap((item) => leaves(item, path))
  const element = /^\d$/.test(part) ? value[Number(part)] : undefined
  if (element === undefined) return inside
  if (rest.length === 0) return [{ value: element, opens: false }, ...inside]
  return [...(typeof element === 'object' && element !== null ? leaves(element, rest) : []), ...inside]
}

const candidates = (doc: Doc, path: string): (Value | undefined)[] =>
  leaves(doc, path.split('.')).flatMap(({ value, opens }) =>
    opens && Array.isArray(value) ? [value, ...value] : [value],
  )

const same = (a: Value | undefined, b: Value): boolean => JSON.stringify(a ?? null) === JSON.stringify(b)

const ordered = (
  a: Value | undefined,
  b: Value,
  holds: (a: number | string, b: number | string) => boolean,
): boolean =>
  (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
    ? holds(a, b)
    : false

const holds = (doc: Doc, path: string, [operator, operand]: [string, Value]): boolean => {
  const values = candidates(doc, path)
  switch (operator) {
    case '$eq':
      return values.some((value) => same(value, operand))
    case '$ne':
      return !values.some((value) => same(value, operand))
    case '$in':
      return (operand as Value[]).some((item) => values.some((value) => same(value, item)))
    case '$nin':
      return !(operand as Value[]).some((item) => values.some((value) => same(value, item)))
    case '$gt':
      return values.some((value) => ordered(value, operand, (a, b) => a > b))
    case '$lte':
      if (operand === null) return values.some((value) => (value ?? null) === null)
      return values.some((value) => ordered(value, operand, (a, b) => a <= b))
    case '$exists':
      return leaves(doc, path.split('.')).some(({ value }) => value !== undefined) === operand
    default:
      return leaves(doc, path.split('.')).some(({ value }) => Array.isArray(value) && value.length === operand)
  }
}

const naive = (doc: Doc, filter: Doc): boolean =>
  Object.entries(filter).every(([name, condition]) => {
    if (name === '$or') return (condition as Doc[]).some((branch) => naive(doc, branch))
    if (name === '$nor') return !(condition as Doc[]).some((branch) => naive(doc, branch))
    return Object.entries(condition as Doc).every(([operator, operand]) => holds(doc, name, [operator, operand]))
  })

const scalar = fc.constantFrom<Value>(null, 0, 1, 2, 'a', 'b')
const { value, doc } = fc.letrec<{ value: Value; doc: Doc }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('doc') as fc.Arbitrary<Value>,
  ),
  doc: fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
}))
const operand = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) })
const condition: fc.Arbitrary<Doc> = fc.oneof(
  ...['$eq', '$ne', '$gt', '$lte'].map((operator) =>
    (operator.length > 3 || operator === '$gt' ? scalar : operand).map((item) => ({ [operator]: item })),
  ),
  ...['$in', '$nin'].map((operator) => fc.array(operand, { maxLength: 3 }).map((items) => ({ [operator]: items }))),
  fc.boolean().map((present) => ({ $exists: present })),
  fc.nat(2).map((size) => ({ $size: size })),
)
const path = fc.constantFrom('a', 'b', 'a.b', 'a.a', 'a.0', 'a.1', 'a.0.b', 'a.b.0', 'a.0.0')
const leaf: fc.Arbitrary<Doc> = fc.tuple(path, condition).map(([name, test]) => ({ [name]: test }))
const filter: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 5, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { minLength: 1, maxLength: 3 }).map((of) => ({ $or: of })) },
  { weight: 1, arbitrary: fc.array(leaf, { minLength: 1, maxLength: 2 }).map((of) => ({ $nor: of })) },
)

it('given any filter and document, then the matcher agrees with a plain reading of the rules', () => {
  fc.assert(
    fc.property(
      filter,
      fc.record({ a: value, b: value }, { requiredKeys: [], noNullPrototype: true }),
      doc,
      (asked, one, other) => {
        for (const tested of [one as Doc, { a: other }])
          expect(parseFilter(asked).match(tested)).toBe(naive(tested, asked))
      },
    ),
    { numRuns: 3000 },
  )
})
