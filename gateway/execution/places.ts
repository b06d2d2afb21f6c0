import { type Data, isObject, own, type ResponsePath } from './run.ts'

/**
 * The objects of an answer at a path, through all lists on the way, in order; what is missing or null is left out.
 * The path has names only.
 */
export const objectsAt = (root: Data, path: readonly string[]): Data[] => {
  const found: Data[] = []
  const visit = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, depth)
    else if (isObject(value)) {
      const name = path[depth]
      if (name === undefined) found.push(value)
      else visit(own(value, name), depth + 1)
    }
  }
  visit(root, 0)
  return found
}

/** Where the objects of `objectsAt` stand, in the same order. Only needed when something went wrong. */
export const placesAt = (root: Data, path: readonly string[]): ResponsePath[] => {
  const found: ResponsePath[] = []
  const visit = (value: unknown, depth: number, place: ResponsePath): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, depth, [...place, index])
    } else if (isObject(value)) {
      const name = path[depth]
      if (name === undefined) found.push(place)
      else visit(own(value, name), depth + 1, [...place, name])
    }
  }
  visit(root, 0, [])
  return found
}
