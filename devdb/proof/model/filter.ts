import { compare, type Doc, isDoc, isList, rank, same, type Value, valuesAt } from './values.ts'

type Values = readonly (Value | undefined)[]

/** A condition looks at an array as a whole and at each of its elements. */
const withElements = (values: Values): Values =>
  values.flatMap((value) => (isList(value) ? [value, ...value] : [value]))

/** Comparisons hold within one type only; missing counts as null. */
const ordered = (holds: (order: number) => boolean) => (values: Values, wanted: Value) =>
  withElements(values).some((value) => rank(value) === rank(wanted) && holds(compare(value, wanted)))

const equals = (values: Values, wanted: Value): boolean => withElements(values).some((value) => same(value, wanted))

const isOneOf = (values: Values, wanted: Value): boolean => isList(wanted) && wanted.some((one) => equals(values, one))

const elementMatches = (element: Value, wanted: Doc): boolean =>
  Object.keys(wanted).every((name) => name.startsWith('$'))
    ? meets([element], wanted)
    : isDoc(element) && matches(element, wanted)

const conditions: Readonly<Record<string, (values: Values, wanted: Value) => boolean>> = {
  $eq: equals,
  $ne: (values, wanted) => !equals(values, wanted),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $in: isOneOf,
  $nin: (values, wanted) => !isOneOf(values, wanted),
  $exists: (values, wanted) => values.some((value) => value !== undefined) === wanted,
  $size: (values, wanted) => values.some((value) => isList(value) && value.length === wanted),
  $all: (values, wanted) => isList(wanted) && wanted.every((one) => equals(values, one)),
  $not: (values, wanted) => !meets(values, wanted),
  $elemMatch: (values, wanted) =>
    isDoc(wanted) && values.some((value) => isList(value) && value.some((element) => elementMatches(element, wanted))),
}

const isOperators = (condition: Value): condition is Doc =>
  isDoc(condition) && Object.keys(condition).some((name) => name.startsWith('$'))

const meets = (values: Values, condition: Value): boolean => {
  if (!isOperators(condition)) return equals(values, condition)
  return Object.entries(condition).every(([name, wanted]) => {
    const holds = conditions[name]
    if (holds === undefined) throw new Error(`the model does not know ${name}`)
    return holds(values, wanted)
  })
}

const parts = (value: Value): readonly Doc[] => (isList(value) ? value.filter(isDoc) : [])

const connectives: Readonly<Record<string, (document: Doc, wanted: Value) => boolean>> = {
  $and: (document, wanted) => parts(wanted).every((part) => matches(document, part)),
  $or: (document, wanted) => parts(wanted).some((part) => matches(document, part)),
  $nor: (document, wanted) => !parts(wanted).some((part) => matches(document, part)),
}

/** Whether a document matches a filter. */
export const matches = (document: Doc, filter: Doc): boolean =>
  Object.entries(filter).every(([name, condition]) => {
    const connective = connectives[name]
    return connective === undefined
      ? meets(valuesAt(document, name.split('.')), condition)
      : connective(document, condition)
  })
