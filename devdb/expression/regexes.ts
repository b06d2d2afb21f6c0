import type { BSONRegExp } from 'bson'
import { type Doc, kindOf, type Value } from '../bson/values.ts'
import { location, MongoError } from '../errors.ts'
import { compileRegex } from '../query/regex.ts'
import type { Expression } from './expression.ts'
import {
  constantOf,
  constantValue,
  isNullish,
  type Names,
  namedSpecs,
  type Operator,
  type Operators,
  typeName,
} from './operands.ts'

const regexNames: Names = {
  required: ['input', 'regex'],
  optional: ['options'],
  notObject: (name, spec) =>
    location(51103, `${name} expects an object of named arguments but found: ${typeName(spec)}`),
  unknown: (name, argument) => location(31024, `${name} found an unknown argument: ${argument}`),
  missing: (name, argument) =>
    location(argument === 'input' ? 31022 : 31023, `${name} requires '${argument}' parameter`),
}

const ownOptions = (regex: Value): string => (kindOf(regex) === 'regex' ? (regex as BSONRegExp).options : '')

const patternOf = (regex: Value, name: string): string => {
  if (typeof regex === 'string') return regex
  if (kindOf(regex) === 'regex') return (regex as BSONRegExp).pattern
  throw location(51105, `${name} needs 'regex' to be of type string or regex`)
}

const invalidPattern = 51091

/** An invalid pattern has a number of its own in expressions. */
const inExpression = <T>(name: string, compile: () => T): T => {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof MongoError) || error.code !== invalidPattern) throw error
    throw location(51111, `Invalid Regex in ${name}: ${error.message}`)
  }
}

/** The compiled expression with the flag g; undefined when it is null or missing. */
const compiled = (regex: Value | undefined, options: Value | undefined, name: string): RegExp | undefined => {
  if (!isNullish(options) && typeof options !== 'string') {
    throw location(51106, `${name} needs 'options' to be of type string`)
  }
  if (isNullish(regex)) return undefined
  const pattern = patternOf(regex, name)
  const own = ownOptions(regex)
  if (own !== '' && !isNullish(options)) {
    throw location(51107, `${name}: found regex option(s) specified in both 'regex' and 'option' fields`)
  }
  if (pattern.includes('\0')) {
    throw location(51109, `${name}: regular expression cannot contain an embedded null byte`)
  }
  const { source, flags } = inExpression(name, () => compileRegex(pattern, own === '' ? (options ?? '') : own))
  return new RegExp(source, `${flags}g`)
}

const codePoints = (text: string): number => {
  let count = 0
  for (const _point of text) count++
  return count
}

const describe = (match: RegExpExecArray): Doc => ({
  match: match[0],
  idx: codePoints(match.input.slice(0, match.index)),
  captures: match.slice(1).map((capture) => capture ?? null),
})

const allMatches = (text: string, regex: RegExp): Doc[] =>
  [...text.matchAll(regex)].filter((match) => match.index < text.length || text === '').map(describe)

type Search = { readonly found: (text: string, regex: RegExp) => Value; readonly nothing: () => Value }

const searching =
  ({ found, nothing }: Search): Operator =>
  (spec, parser, name) => {
    const named = namedSpecs(spec, name, regexNames)
    const [input, regex] = [parser.parse(named.input ?? null), parser.parse(named.regex ?? null)]
    const options: Expression = named.options === undefined ? constantOf(null) : parser.parse(named.options)
    const fixed = regex.constant && options.constant
    const once = fixed ? compiled(constantValue(regex), constantValue(options), name) : undefined
    return {
      constant: false,
      evaluate: (env) => {
        const text = input.evaluate(env)
        if (!isNullish(text) && typeof text !== 'string')
          throw location(51104, `${name} needs 'input' to be of type string`)
        const search = fixed ? once : compiled(regex.evaluate(env), options.evaluate(env), name)
        if (search === undefined || isNullish(text)) return nothing()
        search.lastIndex = 0
        return found(text, search)
      },
    }
  }

export const regexOperators: Operators = {
  $regexMatch: searching({ found: (text, regex) => regex.test(text), nothing: () => false }),
  $regexFind: searching({
    found: (text, regex) => {
      const match = regex.exec(text)
      return match === null ? null : describe(match)
    },
    nothing: () => null,
  }),
  $regexFindAll: searching({ found: allMatches, nothing: () => [] }),
}
