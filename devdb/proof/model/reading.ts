import { compare, type Doc, isDoc, isList, type Value, valuesAt } from './values.ts'

/** By what an array sorts: its least element upwards, its greatest downwards; an empty one before null. */
const sortKey = (document: Doc, path: string, direction: number): { value: Value | undefined; empty: boolean } => {
  const [value] = valuesAt(document, path.split('.'))
  if (!isList(value)) return { value, empty: false }
  const elements = [...value].sort((one, other) => direction * compare(one, other))
  return { value: elements[0], empty: elements.length === 0 }
}

const compareBy = (one: Doc, other: Doc, path: string, direction: number): number => {
  const [left, right] = [sortKey(one, path, direction), sortKey(other, path, direction)]
  if (left.empty || right.empty) return direction * (Number(right.empty) - Number(left.empty))
  return direction * compare(left.value, right.value)
}

/** Documents in the order of a sort. */
export const sorted = (documents: readonly Doc[], sort: Doc): Doc[] =>
  [...documents].sort((one, other) => {
    for (const [path, direction] of Object.entries(sort)) {
      const order = compareBy(one, other, path, Number(direction))
      if (order !== 0) return order
    }
    return 0
  })

type Tree = { [name: string]: Tree | true }

const treeOf = (paths: readonly string[]): Tree => {
  const tree: Tree = {}
  for (const path of paths) {
    const [name = '', rest] = path.split('.')
    tree[name] = rest === undefined ? true : { [rest]: true }
  }
  return tree
}

const keep = (value: Value, tree: Tree | true): Value | undefined => {
  if (tree === true) return value
  if (isList(value))
    return value.filter((element) => isDoc(element) || isList(element)).map((element) => keep(element, tree) ?? null)
  if (!isDoc(value)) return undefined
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const below = tree[name]
    const result = below === undefined ? undefined : keep(inner, below)
    return result === undefined ? [] : [[name, result] as const]
  })
  return Object.fromEntries(kept)
}

const drop = (value: Value, tree: Tree): Value => {
  if (isList(value)) return value.map((element) => drop(element, tree))
  if (!isDoc(value)) return value
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const below = tree[name]
    if (below === true) return []
    return [[name, below === undefined ? inner : drop(inner, below)] as const]
  })
  return Object.fromEntries(kept)
}

/** A document with or without the fields of a projection; `_id` is there unless it is excluded. */
export const project = (document: Doc, projection: Doc): Doc => {
  const names = Object.keys(projection).filter((name) => name !== '_id')
  const including = names.some((name) => projection[name] === 1)
  const withId = projection._id !== 0
  if (including) return keep(document, treeOf([...names, ...(withId ? ['_id'] : [])])) as Doc
  return drop(document, treeOf([...names, ...(withId ? [] : ['_id'])])) as Doc
}

/** The different values at a path, each element of an array for itself. */
export const distinctValues = (documents: readonly Doc[], path: string): Value[] => {
  const found: Value[] = []
  for (const value of documents.flatMap((document) => valuesAt(document, path.split('.')))) {
    for (const one of isList(value) ? value : [value]) {
      if (one !== undefined && !found.some((seen) => compare(seen, one) === 0)) found.push(one)
    }
  }
  return found
}

const accumulators: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  $sum: (values) => values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0),
  $max: (values) => [...values].sort((one, other) => compare(other, one))[0] ?? null,
  $min: (values) => [...values].sort(compare)[0] ?? null,
}

const evaluate = (document: Doc, expression: Value): Value | undefined =>
  typeof expression === 'string' && expression.startsWith('$')
    ? valuesAt(document, expression.slice(1).split('.'))[0]
    : expression

const group = (documents: readonly Doc[], { _id: by = null, ...fields }: Doc): Doc[] => {
  const groups: { key: Value; members: Doc[] }[] = []
  for (const document of documents) {
    const key = evaluate(document, by) ?? null
    const known = groups.find((one) => compare(one.key, key) === 0)
    if (known === undefined) groups.push({ key, members: [document] })
    else known.members.push(document)
  }
  return groups.map(({ key, members }) => {
    const results = Object.entries(fields).map(([name, spec]) => {
      const [[operator, expression] = ['', null]] = Object.entries(spec as Doc)
      const values = members.map((member) => evaluate(member, expression)).filter((value) => value != null)
      return [name, accumulators[operator]?.(values as Value[]) ?? null]
    })
    return { _id: key, ...Object.fromEntries(results) }
  })
}

const unwind = (documents: readonly Doc[], path: string): Doc[] =>
  documents.flatMap((document) => {
    const value = document[path.slice(1)]
    if (value === undefined || value === null) return []
    return isList(value) ? value.map((element) => ({ ...document, [path.slice(1)]: element })) : [document]
  })

type Stage = (documents: readonly Doc[], argument: Value) => readonly Doc[]

/** The stages the steps use, after their $match. */
export const stages: Readonly<Record<string, Stage>> = {
  $group: (documents, argument) => group(documents, argument as Doc),
  $limit: (documents, argument) => documents.slice(0, Number(argument)),
  $sort: (documents, argument) => sorted(documents, argument as Doc),
  $unwind: (documents, argument) => unwind(documents, String(argument)),
}
