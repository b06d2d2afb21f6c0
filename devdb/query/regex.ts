import type { BSONRegExp } from 'bson'
import { isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { remembering } from '../remembering.ts'
import { translatePattern } from './regexTranslation.ts'

const compiled = remembering<RegExp>(500)

const compile = (pattern: string, options: string): RegExp => {
  const { source, flags } = translatePattern(pattern, options)
  try {
    return new RegExp(source, flags)
  } catch {
    throw location(51091, `Regular expression is invalid: ${pattern}`)
  }
}

/**
 * Compiles a BSON regular expression. Throws 51108 for unknown options, 51091 for an invalid pattern and 238 for what
 * PCRE has and JavaScript lacks: nothing is misread.
 */
export const compileRegex = (pattern: string, options: string): RegExp => {
  const unknown = [...options].find((option) => !'imsux'.includes(option))
  if (unknown !== undefined) throw location(51108, `invalid flag in regex options: ${unknown}`)
  if (pattern.includes('\0')) throw failure('BadValue', 'Regular expression cannot contain an embedded null byte')
  return compiled(`${options}/${pattern}`, () => compile(pattern, options))
}

const regexParts = (operand: Value): [string, string] => {
  if (typeof operand === 'string') return [operand, '']
  if (kindOf(operand) === 'regex') return [(operand as BSONRegExp).pattern, (operand as BSONRegExp).options]
  if (!isDoc(operand)) throw failure('BadValue', '$regex has to be a string')
  const [pattern, own] = regexParts(operand.pattern ?? null)
  if (typeof operand.options !== 'string') throw failure('BadValue', '$options has to be a string')
  if (own !== '' && operand.options !== '') throw location(51074, 'options set in both $regex and $options')
  return [pattern, own + operand.options]
}

/** The test of `$regex`: of a string, a regular expression, or `{pattern, options}` of the two operators joined. */
export const regexTest = (operand: Value): ((value: Value | undefined) => boolean) => {
  const [pattern, options] = regexParts(operand)
  const regex = compileRegex(pattern, options)
  return (value) => {
    if (typeof value === 'string') return regex.test(value)
    if (value === undefined || kindOf(value) !== 'regex') return false
    const own = value as BSONRegExp
    return own.pattern === pattern && own.options === options
  }
}
