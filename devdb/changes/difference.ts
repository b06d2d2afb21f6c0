import { encode } from '../bson/encode.ts'
import { type Doc, isDoc, setField, type Value } from '../bson/values.ts'

/** How a document became another: what the updateDescription of a change event tells. */
export type Difference = {
  readonly updatedFields: Doc
  readonly removedFields: string[]
  readonly truncatedArrays: { field: string; newSize: number }[]
  /** The parts of the paths above that could be read in more than one way: numbers are places in arrays. */
  readonly disambiguatedPaths: { [path: string]: (string | number)[] }
}

type Part = string | number
type Path = readonly Part[]

const textOf = (path: Path): string => path.join('.')

/** `a.0` may mean a field or a place, `a.b` one name or two: only then the parts are told. */
const isAmbiguous = (path: Path): boolean =>
  path.some((part) => typeof part === 'string' && (/^\d+$/.test(part) || part.includes('.')))

const note = (difference: Difference, path: Path): string => {
  const text = textOf(path)
  if (isAmbiguous(path)) difference.disambiguatedPaths[text] = [...path]
  return text
}

const sameBytes = (a: Value, b: Value): boolean => a === b || encode({ v: a }).equals(encode({ v: b }))

const set = (difference: Difference, path: Path, value: Value): void =>
  setField(difference.updatedFields, note(difference, path), value)

const compareDocs = (difference: Difference, path: Path, { before, after }: { before: Doc; after: Doc }): void => {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) difference.removedFields.push(note(difference, [...path, name]))
  }
  for (const [name, value] of Object.entries(after)) {
    const inner = [...path, name]
    const former = Object.hasOwn(before, name) ? before[name] : undefined
    if (former === undefined) set(difference, inner, value)
    else compareValues(difference, inner, { before: former, after: value })
  }
}

const isContainer = (value: Value | undefined): boolean => Array.isArray(value) || isDoc(value)

const compareArrays = (difference: Difference, path: Path, { before, after }: { before: Value[]; after: Value[] }) => {
  const shared = Math.min(before.length, after.length)
  const changed = Array.from({ length: shared }, (_, at) => at).filter(
    (at) => !sameBytes(before[at] ?? null, after[at] ?? null),
  )
  // Elements that moved: to tell each place would be longer than the whole array.
  const moved = changed.filter((at) => !isContainer(before[at]) || !isContainer(after[at])).length
  if (moved > 1 && moved * 2 > shared) {
    set(difference, path, after)
    return
  }
  for (const at of changed)
    compareValues(difference, [...path, at], { before: before[at] ?? null, after: after[at] ?? null })
  for (let at = shared; at < after.length; at++) set(difference, [...path, at], after[at] ?? null)
  if (after.length < before.length)
    difference.truncatedArrays.push({ field: note(difference, path), newSize: after.length })
}

const compareValues = (
  difference: Difference,
  path: Path,
  { before, after }: { before: Value; after: Value },
): void => {
  if (sameBytes(before, after)) return
  if (Array.isArray(before) && Array.isArray(after)) compareArrays(difference, path, { before, after })
  else if (isDoc(before) && isDoc(after)) compareDocs(difference, path, { before, after })
  else set(difference, path, after)
}

/** The changes from one document to the next, at the smallest fields and elements that differ. */
export const differenceOf = (before: Doc, after: Doc): Difference => {
  const difference: Difference = { updatedFields: {}, removedFields: [], truncatedArrays: [], disambiguatedPaths: {} }
  compareDocs(difference, [], { before, after })
  return difference
}
