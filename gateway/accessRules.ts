import {
  buildASTSchema,
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import { type AuthDirectives, readAuthDirectives } from './authDirectives.ts'

/** What a viewer needs. `scopes`: of every element, one of its sets must be held whole. */
export interface Requirement {
  readonly authenticated: boolean
  readonly scopes: readonly (readonly (readonly string[])[])[]
}

/** What a viewer has. */
export interface Grant {
  readonly authenticated: boolean
  readonly scopes: ReadonlySet<string>
}

export const nothing: Requirement = { authenticated: false, scopes: [] }

/** Both of two requirements. */
export const both = (a: Requirement, b: Requirement): Requirement =>
  a === nothing ? b : { authenticated: a.authenticated || b.authenticated, scopes: [...a.scopes, ...b.scopes] }

export const isNothing = ({ authenticated, scopes }: Requirement): boolean => !authenticated && scopes.length === 0

export const meets = ({ authenticated, scopes }: Requirement, grant: Grant): boolean =>
  (!authenticated || grant.authenticated) &&
  scopes.every((sets) => sets.some((set) => set.every((scope) => grant.scopes.has(scope))))

type Directives = readonly ConstDirectiveNode[] | undefined

/** What the directives of one place ask for. */
const ownRequirement = (directives: Directives, names: AuthDirectives): Requirement =>
  (directives ?? []).reduce((sum, directive) => {
    const name = directive.name.value
    if (name === names.authenticated) return both(sum, { authenticated: true, scopes: [] })
    if (name !== names.requiresScopes) return sum
    const scopes = directive.arguments?.find((argument) => argument.name.value === 'scopes')?.value
    const sets = scopes ? (valueFromASTUntyped(scopes) as string[][]) : []
    return both(sum, { authenticated: true, scopes: [sets] })
  }, nothing)

const argumentOf = (directive: ConstDirectiveNode, name: string): string | undefined => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}

/** The field sets that subgraphs read, by `@requires`, to answer this field: the planner fetches them for whoever asks for it. */
const requiredSets = (directives: Directives): SelectionSetNode[] =>
  (directives ?? []).flatMap((directive) => {
    const fields = directive.name.value === 'join__field' ? argumentOf(directive, 'requires') : undefined
    const [definition] = fields ? parse(`{ ${fields} }`, { noLocation: true }).definitions : []
    return definition && 'selectionSet' in definition && definition.selectionSet ? [definition.selectionSet] : []
  })

/** Types that share the fate of a type: what it implements, and what implements it or belongs to it. */
const kinOf = (schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] => {
  const above = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : []
  const below = isAbstractType(type) ? schema.getPossibleTypes(type) : []
  const between = isInterfaceType(type) ? schema.getImplementations(type).interfaces : []
  return [type, ...above, ...between, ...below]
}

const fieldOf = (type: GraphQLNamedType, name: string) =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined

/**
 * The rules that `@authenticated` and `@requiresScopes` of a supergraph make, for types and fields. A directive counts also where it
 * could be walked around: on an interface for everything that implements it and the other way round (GHSA-mx7m-j9xf-62hw), and on the
 * inputs of `@requires` for the field that is computed from them (GHSA-m8jr-fxqx-8xx6).
 * @throws Error when the supergraph asks for something that is not enforced here.
 */
export const readAccessRules = (supergraphSdl: string) => {
  const names = readAuthDirectives(supergraphSdl)
  const schema = buildASTSchema(parse(supergraphSdl, { noLocation: true }), { assumeValidSDL: true, assumeValid: true })
  const own = (node: { astNode?: { directives?: Directives } | null } | undefined): Requirement =>
    ownRequirement(node?.astNode?.directives, names)

  const typeRequirement = (type: GraphQLNamedType): Requirement =>
    kinOf(schema, type).reduce((sum, kin) => both(sum, own(kin)), nothing)

  /** `seen` ends circles of `@requires` and of types. */
  const collect = (type: GraphQLNamedType, name: string, seen: Set<string>): Requirement => {
    const place = `${type.name}.${name}`
    if (seen.has(place)) return nothing
    seen.add(place)
    return kinOf(schema, type).reduce((sum, kin) => {
      const field = fieldOf(kin, name)
      if (!field) return sum
      const result = getNamedType(field.type)
      const inputs = requiredSets(field.astNode?.directives).map((set) => collectSet(kin, set, seen))
      return [own(field), own(result), ...inputs].reduce(both, sum)
    }, typeRequirement(type))
  }

  const collectSet = (type: GraphQLNamedType, { selections }: SelectionSetNode, seen: Set<string>): Requirement =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('A field set holds no named fragments.')
      const condition = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined
      const field = selection.kind === Kind.FIELD ? fieldOf(type, selection.name.value) : undefined
      const inner = field ? getNamedType(field.type) : (condition && schema.getType(condition)) || type
      const here = selection.kind === Kind.FIELD ? collect(type, selection.name.value, seen) : typeRequirement(inner)
      const below =
        selection.selectionSet && isCompositeType(inner) ? collectSet(inner, selection.selectionSet, seen) : nothing
      return [here, below].reduce(both, sum)
    }, nothing)

  const known = new Map<string, Requirement>()
  const remembered = (place: string, make: () => Requirement): Requirement => {
    const found = known.get(place) ?? make()
    known.set(place, found)
    return found
  }

  const ofType = (name: string): Requirement =>
    remembered(name, () => {
      const type = schema.getType(name)
      return type ? typeRequirement(type) : nothing
    })
  const ofField = (typeName: string, name: string): Requirement =>
    remembered(`${typeName}.${name}`, () => {
      const type = schema.getType(typeName)
      return type ? collect(type, name, new Set()) : nothing
    })

  return {
    schema,
    /** True when the supergraph carries auth directives, so that somebody has to enforce them. */
    present: names.authenticated !== null || names.requiresScopes !== null,
    ofType,
    ofField,
  }
}

export type AccessRules = ReturnType<typeof readAccessRules>
