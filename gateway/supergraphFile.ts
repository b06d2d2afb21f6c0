import { readFile } from 'node:fs/promises'
import { type ConstDirectiveNode, Kind, parse } from 'graphql'
import { isSubgraphName } from '#platform/config.ts'

const textOf = (directive: ConstDirectiveNode, name: string): string | undefined => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}

/** Where the subgraphs of a supergraph are, as its own `enum join__Graph` says. */
export const addressesOf = (supergraphSdl: string): ReadonlyMap<string, string> =>
  new Map(
    parse(supergraphSdl, { noLocation: true }).definitions.flatMap((definition) => {
      if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') return []
      return (definition.values ?? []).flatMap(({ directives }) => {
        const graph = directives?.find(({ name }) => name.value === 'join__graph')
        const [name, url] = [graph && textOf(graph, 'name'), graph && textOf(graph, 'url')]
        return name && url ? [[name, url] as const] : []
      })
    }),
  )

/**
 * The text of a supergraph that this gateway can reach.
 * @throws Error naming the file when it cannot be read, is no SDL or has a subgraph that nobody here knows.
 */
export const readSupergraph = async (file: string): Promise<string> => {
  try {
    const text = await readFile(file, 'utf8')
    const names = [...addressesOf(text).keys()]
    if (names.length === 0) throw new Error('it names no subgraphs')
    const unknown = names.filter((name) => !isSubgraphName(name))
    if (unknown.length > 0) throw new Error(`the shop has no subgraph ${unknown.join(', ')}`)
    return text
  } catch (error) {
    throw new Error(`SUPERGRAPH_FILE ${file} cannot be used: ${error instanceof Error ? error.message : error}`)
  }
}
