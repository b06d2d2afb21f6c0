import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { equality } from './comparison.ts'
import { isOperators, type Parser, parseField } from './fields.ts'
import { plainScope, type Scope } from './scope.ts'
import { constantFilter, exprFilter, jsonSchemaFilter, sampleFilter } from './specials.ts'
import { parseText } from './text/text.ts'
import { allOf, and, type Filter, nor, or } from './tree.ts'

const branches = (operator: string, value: Value, parser: Parser): Filter[] => {
  if (!Array.isArray(value)) throw failure('BadValue', `${operator} must be an array`)
  if (value.length === 0) throw failure('BadValue', '$and/$or/$nor must be a nonempty array')
  return value.map((branch) => {
    if (!isDoc(branch)) throw failure('BadValue', '$or/$and/$nor entries need to be full objects')
    return parser.filter(branch, parser.nested)
  })
}

const logical =
  (combine: (of: readonly Filter[]) => Filter, operator: string): Build =>
  (value, parser) =>
    combine(branches(operator, value, parser))

type Build = (value: Value, parser: Parser) => Filter | undefined

const topLevelOnly =
  (operator: string, build: Build): Build =>
  (value, parser) => {
    if (parser.nested) throw failure('BadValue', `${operator} can only be applied to the top-level document`)
    return build(value, parser)
  }

const operators: Readonly<Record<string, Build>> = {
  $and: logical(and, '$and'),
  $or: logical(or, '$or'),
  $nor: logical(nor, '$nor'),
  $comment: () => undefined,
  $expr: topLevelOnly('$expr', (value, { scope }) => exprFilter(value, scope)),
  $jsonSchema: jsonSchemaFilter,
  $sampleRate: sampleFilter,
  $alwaysTrue: (value) => constantFilter('$alwaysTrue', value, true),
  $alwaysFalse: (value) => constantFilter('$alwaysFalse', value, false),
  $text: topLevelOnly('$text', parseText),
  $where: topLevelOnly('$where', () => {
    throw unsupported('the query operator $where')
  }),
}

const topLevel = (operator: string, value: Value, parser: Parser): Filter | undefined => {
  const build = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (build !== undefined) return build(value, parser)
  throw failure(
    'BadValue',
    `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  )
}

const references = ['$ref', '$id', '$db']

const parserOf = (scope: Scope, nested: boolean): Parser => {
  const parser: Parser = {
    scope,
    nested,
    filter: (filter, inside) => (inside === nested ? parse(filter, parser) : parse(filter, parserOf(scope, inside))),
  }
  return parser
}

const parse = (filter: Doc, parser: Parser): Filter =>
  allOf(
    Object.entries(filter).flatMap(([name, value]) => {
      const special = name.startsWith('$') && !(parser.nested && references.includes(name))
      const parsed = special ? topLevel(name, value, parser) : parseField(name, value, parser)
      return parsed === undefined ? [] : [parsed]
    }),
  )

/**
 * Reads a query filter. Throws BadValue on what MongoDB refuses and NotImplemented on what devdb does not know; the
 * scope gives the collation of its strings and the variables of its `$expr`.
 */
export const parseFilter = (filter: Value | undefined, scope: Scope = plainScope()): Filter => {
  if (filter === undefined || filter === null) return and([])
  if (!isDoc(filter))
    throw failure('TypeMismatch', `Expected field 'filter' to be of type object, but found type ${kindOf(filter)}`)
  return parse(filter, parserOf(scope, false))
}

/** Throws 224 for what MongoDB takes in the filter of a query only, not in the conditions of projections and updates. */
export const refuseQueryFeatures = (condition: Doc): void => {
  for (const [name, value] of Object.entries(condition)) {
    if (name === '$expr' || name === '$jsonSchema')
      throw failure('QueryFeatureNotAllowed', `${name} is not allowed in this context`)
    if (['$and', '$or', '$nor'].includes(name) && Array.isArray(value))
      for (const branch of value) if (isDoc(branch)) refuseQueryFeatures(branch)
  }
}

/** `$pull` tests array elements that may be no documents: a condition of operators applies to the element itself. */
export const parseElementCondition = (condition: Value, scope: Scope = plainScope()): ((element: Value) => boolean) => {
  if (isDoc(condition)) refuseQueryFeatures(condition)
  const isFilter = isOperators(condition) && ['$and', '$or', '$nor'].includes(Object.keys(condition)[0] ?? '')
  if ((isOperators(condition) && !isFilter) || kindOf(condition) === 'regex') {
    const filter = parseField('v', condition, parserOf(scope, true))
    return (element) => filter.match({ v: element })
  }
  if (isDoc(condition)) {
    const filter = parse(condition, parserOf(scope, true))
    return (element) => isDoc(element) && filter.match(element)
  }
  const { test } = equality(condition, scope.collation)
  return (element) => test(element)
}

export const isEverything = (filter: Filter): boolean => filter.type === 'and' && filter.of.length === 0
