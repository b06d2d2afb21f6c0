import type { GraphQLSchema } from 'graphql'
import type { Rewrite } from './plan.ts'
import { isOfType } from './representations.ts'
import { type Data, isObject, own } from './run.ts'

const typePrefix = '... on '

const rewriteOne = (rewrite: Rewrite, name: string, object: Data): void => {
  if (rewrite.kind === 'ValueSetter') {
    object[name] = rewrite.setValueTo
    return
  }
  const value = own(object, name)
  if (value === undefined) return
  object[rewrite.renameKeyTo] = value
  delete object[name]
}

/**
 * Applies the rewrites of a fetch to what it sends or gets: the planner gives a field another name where two would collide, or another
 * `__typename` where a subgraph knows an interface as an object.
 */
export const applyRewrites = (schema: GraphQLSchema, rewrites: readonly Rewrite[] | undefined, root: unknown): void => {
  for (const rewrite of rewrites ?? []) {
    const visit = (value: unknown, depth: number): void => {
      if (Array.isArray(value)) for (const item of value) visit(item, depth)
      if (!isObject(value)) return
      const part = rewrite.path[depth] ?? ''
      if (depth === rewrite.path.length - 1) rewriteOne(rewrite, part, value)
      else if (!part.startsWith(typePrefix)) visit(own(value, part), depth + 1)
      else if (isOfType(schema, value, part.slice(typePrefix.length), true)) visit(value, depth + 1)
    }
    visit(root, 0)
  }
}
