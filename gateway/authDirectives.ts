import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print, valueFromASTUntyped, visit } from 'graphql'

/** The names under which a supergraph uses the auth directives; null: not at all. */
export interface AuthDirectives {
  readonly authenticated: string | null
  readonly requiresScopes: string | null
}

const enforced = ['authenticated', 'requiresScopes'] as const
/** Features for security that the gateway's own packages understand. */
const understood = ['inaccessible']

interface Link {
  readonly feature: string
  readonly name: string
  readonly forSecurity: boolean
  readonly node: ConstDirectiveNode
}

const textOf = (node: ConstDirectiveNode, name: string): string | undefined => {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value
  return value && 'value' in value && typeof value.value === 'string' ? value.value : undefined
}

/** The name that an `import` gives to the directive of the feature. */
const importedAs = (node: ConstDirectiveNode, feature: string): string | undefined => {
  const value = node.arguments?.find((argument) => argument.name.value === 'import')?.value
  const imports = (value ? valueFromASTUntyped(value) : []) as (string | { name: string; as?: string })[]
  const found = imports.find((item) => typeof item === 'object' && item.name === `@${feature}`)
  return typeof found === 'object' ? found.as?.slice(1) : undefined
}

const linksOf = (document: DocumentNode): Link[] =>
  document.definitions.flatMap((definition) => {
    const isSchema = definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
    return (isSchema ? (definition.directives ?? []) : [])
      .filter(({ name }) => name.value === 'link')
      .map((node) => {
        const feature = textOf(node, 'url')?.split('/').at(-2) ?? ''
        const name = importedAs(node, feature) ?? textOf(node, 'as') ?? feature
        return { feature, name, forSecurity: textOf(node, 'for') === 'SECURITY', node }
      })
  })

const isEnforced = (feature: string): boolean => enforced.some((name) => name === feature)

/** @throws Error naming what the supergraph asks for and nobody here enforces: a start without it would be open. */
const refuseUnknown = (links: readonly Link[], sdl: string): void => {
  const unknown = links.filter(
    ({ feature, forSecurity }) => forSecurity && !isEnforced(feature) && !understood.includes(feature),
  )
  const [first] = unknown
  if (first) throw new Error(`The supergraph uses @${first.name} for security, which this gateway does not enforce.`)
  if (/contextArguments:\s*\[\s*\{/.test(sdl))
    throw new Error('The supergraph uses @fromContext, through which this gateway does not follow authorisation.')
}

/**
 * Under which names a supergraph uses `@authenticated` and `@requiresScopes`.
 * @throws Error when it asks for anything else that nobody enforces.
 */
export const readAuthDirectives = (sdl: string): AuthDirectives => {
  const document = parse(sdl, { noLocation: true })
  const links = linksOf(document)
  refuseUnknown(links, sdl)
  const isDefined = (name: string): boolean =>
    document.definitions.some((node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value === name)
  const nameOf = (feature: (typeof enforced)[number]): string | null => {
    const link = links.find((one) => one.feature === feature)
    if (link && !isDefined(link.name))
      throw new Error(`The supergraph links @${feature} and does not define @${link.name}.`)
    return link?.name ?? null
  }
  return { authenticated: nameOf('authenticated'), requiresScopes: nameOf('requiresScopes') }
}

/** The supergraph for Apollo's packages, which refuse to load what they do not enforce: we do, so the claim on them is taken off. */
export const withoutAuthClaims = (sdl: string): string => {
  const document = parse(sdl, { noLocation: true })
  const ours = new Set(linksOf(document).flatMap(({ feature, node }) => (isEnforced(feature) ? [node] : [])))
  const stripped = visit(document, {
    Directive: (node) =>
      ours.has(node as ConstDirectiveNode)
        ? { ...node, arguments: node.arguments?.filter((argument) => argument.name.value !== 'for') }
        : undefined,
  })
  return print(stripped)
}
