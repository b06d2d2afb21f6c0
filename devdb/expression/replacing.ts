import { show } from '../bson/show.ts'
import type { Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { type Arguments, named } from './named.ts'
import { isNullish, type Names, type Operator, type Operators, typeName } from './operands.ts'

const trimNames: Names = {
  required: ['input'],
  optional: ['chars'],
  notObject: (name, spec) => location(50696, `${name} only supports an object as an argument, found ${typeName(spec)}`),
  unknown: (name, argument) => location(50694, `${name} found an unknown argument: ${argument}`),
  missing: (name) => location(50695, `${name} requires an 'input' field`),
}

// MongoDB's own list: NUL is blank to it, U+3000 and the line separators are not.
const blanks = new Set('\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a')

type Sides = { readonly left: boolean; readonly right: boolean }

const trimmed = (text: string, characters: ReadonlySet<string>, { left, right }: Sides): string => {
  const points = [...text]
  let start = 0
  let end = points.length
  while (left && start < end && characters.has(points[start] ?? '')) start++
  while (right && end > start && characters.has(points[end - 1] ?? '')) end--
  return points.slice(start, end).join('')
}

const needText = (value: Value, name: string, what: readonly [number, string]): string => {
  if (typeof value === 'string') return value
  const [code, argument] = what
  throw location(
    code,
    `${name} requires ${argument} to be a string, got ${show(value)} (of type ${typeName(value)}) instead.`,
  )
}

const trimming = (sides: Sides): Operator =>
  named(trimNames, (given, name) => {
    const input = given.get('input')
    if (isNullish(input)) return null
    const text = needText(input, name, [50699, 'its input'])
    if (!given.has('chars')) return trimmed(text, blanks, sides)
    const chars = given.get('chars')
    return isNullish(chars) ? null : trimmed(text, new Set(needText(chars, name, [50700, "'chars'"])), sides)
  })

const replaceCodes: ReadonlyMap<string, readonly [missing: number, type: number]> = new Map([
  ['input', [51749, 51746]],
  ['find', [51748, 51745]],
  ['replacement', [51747, 51744]],
])

const replaceNames: Names = {
  required: ['input', 'find', 'replacement'],
  notObject: (name, spec) => location(51751, `${name} requires an object as an argument, found: ${typeName(spec)}`),
  unknown: (name, argument) => location(51750, `${name} found an unknown argument: ${argument}`),
  missing: (name, argument) =>
    location(replaceCodes.get(argument)?.[0] ?? 51749, `${name} requires '${argument}' to be specified`),
}

const replaceTexts = (given: Arguments, name: string): string[] | null => {
  const values = replaceNames.required.map((argument) => {
    const value = given.get(argument)
    if (isNullish(value) || typeof value === 'string') return value ?? null
    throw location(
      replaceCodes.get(argument)?.[1] ?? 51746,
      `${name} requires that '${argument}' be a string, found: ${show(value)}`,
    )
  })
  const texts = values.filter((value) => value !== null)
  return texts.length < values.length ? null : texts
}

const replacing = (replace: (text: string, find: string, replacement: string) => string): Operator =>
  named(replaceNames, (given, name) => {
    const texts = replaceTexts(given, name)
    if (texts === null) return null
    const [input = '', find = '', replacement = ''] = texts
    return replace(input, find, replacement)
  })

const betweenPoints = (text: string, replacement: string): string =>
  `${replacement}${[...text].map((point) => `${point}${replacement}`).join('')}`

export const replacingOperators: Operators = {
  $trim: trimming({ left: true, right: true }),
  $ltrim: trimming({ left: true, right: false }),
  $rtrim: trimming({ left: false, right: true }),
  // A function as replacement: in a string JavaScript would read $& and $1.
  $replaceOne: replacing((text, find, replacement) => text.replace(find, () => replacement)),
  $replaceAll: replacing((text, find, replacement) =>
    find === '' ? betweenPoints(text, replacement) : text.replaceAll(find, () => replacement),
  ),
}
