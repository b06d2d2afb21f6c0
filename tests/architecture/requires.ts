import {
  Kind,
  type ObjectTypeDefinitionNode,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
} from 'graphql'
import type { Repository, Rule } from './repository.ts'

/** What one `@requires` asks for: each field by its path, as it is written with its arguments. */
interface Wanted {
  readonly path: string
  readonly call: string
}

const wantedOf = (selections: readonly SelectionNode[], above: string): Wanted[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return []
    const below = selection.selectionSet?.selections ?? []
    if (selection.kind === Kind.INLINE_FRAGMENT) return wantedOf(below, above)
    const path = `${above}.${selection.name.value}`
    const call = print({ ...selection, alias: undefined, selectionSet: undefined })
    return [{ path, call }, ...wantedOf(below, path)]
  })

const requiredBy = (type: ObjectTypeDefinitionNode): Wanted[] =>
  (type.fields ?? [])
    .flatMap(({ directives = [] }) => directives)
    .filter(({ name }) => name.value === 'requires')
    .flatMap(({ arguments: given = [] }) => given)
    .flatMap(({ value }) => (value.kind === Kind.STRING ? [value.value] : []))
    .flatMap((fields) => {
      const [operation] = parse(`{ ${fields} }`).definitions as [OperationDefinitionNode]
      return wantedOf(operation.selectionSet.selections, type.name.value)
    })

/**
 * Apollo's planner fetches such a pair once, and one of the two gets the number of the other without an error (docs/proof.md). Which
 * subgraph says it does not matter: a plan joins them.
 */
const checkArguments = ({ texts }: Repository): string[] => {
  const calls = new Map<string, string>()
  return [...texts].flatMap(([file, text]) => {
    if (!/^subgraphs\/[^/]+\/schema\.graphql$/.test(file)) return []
    const types = parse(text).definitions.filter(
      (each): each is ObjectTypeDefinitionNode =>
        each.kind === Kind.OBJECT_TYPE_DEFINITION || (each.kind as string) === Kind.OBJECT_TYPE_EXTENSION,
    )
    return types.flatMap(requiredBy).flatMap(({ path, call }) => {
      const other = calls.get(path) ?? call
      calls.set(path, other)
      return other === call ? [] : [`${file}: ${path} is required as ${call} and as ${other}`]
    })
  })
}

export const requiresRules: readonly Rule[] = [
  { name: 'a field is required with the same arguments everywhere', check: checkArguments },
]
