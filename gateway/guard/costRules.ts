import { type ConstDirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql'

/** How long a list is taken to be before anybody has seen it. */
export interface ListRule {
  readonly assumedSize: number | null
  /** Arguments that say how many there will be. */
  readonly slicingArguments: readonly string[]
  /** Fields below that hold so many; empty: the field itself does. */
  readonly sizedFields: readonly string[]
}

/** What `@cost` and `@listSize` of a supergraph say; places are `Type` and `Type.field`. */
export interface CostRules {
  readonly weightOf: (place: string) => number | undefined
  readonly listOf: (place: string) => ListRule | undefined
}

const argumentsOf = (directive: ConstDirectiveNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))

/** Reads the rules once, from the supergraph as it was composed. The directives count on types and on fields. */
export const readCostRules = (supergraphSdl: string): CostRules => {
  const weights = new Map<string, number>()
  const lists = new Map<string, ListRule>()
  const note = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      const given = argumentsOf(directive)
      if (directive.name.value === 'cost') weights.set(place, given.weight as number)
      if (directive.name.value !== 'listSize') continue
      lists.set(place, {
        assumedSize: (given.assumedSize as number | undefined) ?? null,
        slicingArguments: (given.slicingArguments as string[] | undefined) ?? [],
        sizedFields: (given.sizedFields as string[] | undefined) ?? [],
      })
    }
  }
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    const isScalar = definition.kind === Kind.SCALAR_TYPE_DEFINITION || definition.kind === Kind.ENUM_TYPE_DEFINITION
    const hasFields =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    if (!isScalar && !hasFields) continue
    note(definition.name.value, definition.directives)
    for (const field of hasFields ? (definition.fields ?? []) : [])
      note(`${definition.name.value}.${field.name.value}`, field.directives)
  }
  return { weightOf: (place) => weights.get(place), listOf: (place) => lists.get(place) }
}
