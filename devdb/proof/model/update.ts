import { ModelError } from './errors.ts'
import { compare, type Doc, isDoc, isList, same, type Value, valuesAt } from './values.ts'

type Path = readonly string[]

const withField = (document: Doc, name: string, value: Value): Doc => ({ ...document, [name]: value })

const withElement = (list: readonly Value[], position: number, value: Value): readonly Value[] => {
  const padded = [...list, ...Array<Value>(Math.max(0, position - list.length)).fill(null)]
  padded[position] = value
  return padded
}

/** A container with a value at a path, what is missing on the way created; arrays are entered by position only. */
const put = (container: Value | undefined, [name = '', ...rest]: Path, value: Value): Value => {
  const inner = (next: Value | undefined): Value => (rest.length === 0 ? value : put(next, rest, value))
  if (container === undefined) return { [name]: inner(undefined) }
  if (isDoc(container)) return withField(container, name, inner(container[name]))
  if (isList(container) && /^\d+$/.test(name))
    return withElement(container, Number(name), inner(container[Number(name)]))
  throw new ModelError(28)
}

const remove = (container: Value | undefined, [name = '', ...rest]: Path): Value | undefined => {
  if (!isDoc(container) || !Object.hasOwn(container, name)) return container
  if (rest.length > 0) return withField(container, name, remove(container[name], rest) ?? null)
  const { [name]: _gone, ...others } = container
  return others
}

/** The field itself, arrays not looked into. */
const fieldAt = (container: Value | undefined, [name, ...rest]: Path): Value | undefined => {
  if (name === undefined) return container
  if (isDoc(container)) return fieldAt(container[name], rest)
  return isList(container) && /^\d+$/.test(name) ? fieldAt(container[Number(name)], rest) : undefined
}

type Change = (held: Value | undefined, argument: Value) => Value | undefined

const numbers =
  (combine: (one: number, other: number) => number, start: number): Change =>
  (held, argument) => {
    if (held !== undefined && typeof held !== 'number') throw new ModelError(14)
    return combine(held ?? start, Number(argument))
  }

const listOf = (held: Value | undefined, code: number): readonly Value[] => {
  if (held === undefined) return []
  if (!isList(held)) throw new ModelError(code)
  return held
}

const added = (argument: Value): readonly Value[] =>
  isDoc(argument) && isList(argument.$each) ? argument.$each : [argument]

const inList =
  (code: number, change: (list: readonly Value[], argument: Value) => readonly Value[]): Change =>
  (held, argument) =>
    held === undefined ? undefined : change(listOf(held, code), argument)

const addToSet: Change = (held, argument) => {
  const set = [...listOf(held, 2)]
  for (const value of added(argument)) if (!set.some((one) => same(one, value))) set.push(value)
  return set
}

/** New values of a field by its old one; undefined leaves a missing field missing. */
const changes: Readonly<Record<string, Change>> = {
  $set: (_held, argument) => argument,
  $min: (held, argument) => (held === undefined || compare(argument, held) < 0 ? argument : held),
  $max: (held, argument) => (held === undefined || compare(argument, held) > 0 ? argument : held),
  $inc: numbers((one, other) => one + other, 0),
  $mul: numbers((one, other) => one * other, 0),
  $push: (held, argument) => [...listOf(held, 2), ...added(argument)],
  $addToSet: addToSet,
  $pull: inList(2, (list, argument) => list.filter((value) => !same(value, argument))),
  $pop: inList(14, (list, argument) => (argument === 1 ? list.slice(0, -1) : list.slice(1))),
}

type Step = { readonly operator: string; readonly path: string; readonly argument: Value }

const rename = (document: Doc, { path, argument }: Step): Doc => {
  const [value] = valuesAt(document, path.split('.'))
  if (value === undefined) return document
  return put(remove(document, path.split('.')), String(argument).split('.'), value) as Doc
}

const applyStep = (document: Doc, step: Step): Doc => {
  const { operator, argument } = step
  const path = step.path.split('.')
  if (operator === '$rename') return rename(document, step)
  if (operator === '$unset') return remove(document, path) as Doc
  const held = fieldAt(document, path)
  const change = changes[operator]
  if (change === undefined) throw new Error(`the model does not know ${operator}`)
  const value = change(held, argument)
  return value === undefined ? document : (put(document, path, value) as Doc)
}

const byPath = (one: Step, other: Step): number => (one.path < other.path ? -1 : 1)

const stepsOf = (update: Doc, inserting: boolean): Step[] =>
  Object.entries(update).flatMap(([operator, fields]) => {
    if (operator === '$setOnInsert' && !inserting) return []
    const name = operator === '$setOnInsert' ? '$set' : operator
    return Object.entries(isDoc(fields) ? fields : {}).map(([path, argument]) => ({ operator: name, path, argument }))
  })

/** The document after an update or a replacement; fields are added in the order of their names. Throws ModelError. */
export const applyUpdate = (document: Doc, update: Doc, inserting = false): Doc => {
  const isReplacement = !Object.keys(update).some((name) => name.startsWith('$'))
  if (isReplacement) return { ...(document._id !== undefined && { _id: document._id }), ...update }
  return stepsOf(update, inserting).sort(byPath).reduce(applyStep, document)
}

/** What an upsert starts from: the plain equalities of its filter. */
export const seedOf = (filter: Doc): Doc =>
  Object.entries(filter).reduce<Doc>((document, [path, value]) => put(document, path.split('.'), value) as Doc, {})
