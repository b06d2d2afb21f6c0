import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql'

const firstIn = (set: SelectionSetNode): string | undefined => {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value
      if (name === '_entities' && selection.selectionSet) return firstIn(selection.selectionSet)
      if (!name.startsWith('__')) return name
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const found = firstIn(selection.selectionSet)
      if (found) return found
    }
  }
  return undefined
}

/** The operation of a document made by the planner: it has one. */
export const operationOf = (document: DocumentNode) => {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('A fetch has no operation.')
  return operation
}

/** The response name of the first field that a fetch brings: there an error is placed that has no path of its own. */
export const firstFieldOf = (text: string): string =>
  firstIn(operationOf(parse(text, { noLocation: true })).selectionSet) ?? '__typename'
