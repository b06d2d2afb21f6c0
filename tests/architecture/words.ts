import {
  isTypeDefinitionNode,
  isTypeExtensionNode,
  parse,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql'
import type { Repository, Rule } from './repository.ts'

/** Fields, input fields and enum values. */
const partsOf = (type: TypeDefinitionNode | TypeExtensionNode) => [
  ...('fields' in type ? (type.fields ?? []) : []),
  ...('values' in type ? (type.values ?? []) : []),
]

/** A root type and an extension need no description of their own: their fields speak. */
const speaksForItself = (type: TypeDefinitionNode | TypeExtensionNode): boolean =>
  isTypeExtensionNode(type) || ['Query', 'Mutation', 'Subscription'].includes(type.name.value)

const undescribed = (sdl: string): string[] =>
  parse(sdl).definitions.flatMap((type) => {
    if (!isTypeDefinitionNode(type) && !isTypeExtensionNode(type)) return []
    const parts = partsOf(type).filter(({ description }) => !description)
    const isBare = !speaksForItself(type) && 'description' in type && !type.description
    return [...(isBare ? [type.name.value] : []), ...parts.map(({ name }) => `${type.name.value}.${name.value}`)]
  })

const isHandWritten = (path: string): boolean =>
  path === 'schema/shared.graphql' || /^subgraphs\/[^/]+\/schema\.graphql$/.test(path)

const checkDescriptions = ({ texts }: Repository): string[] =>
  [...texts].flatMap(([path, text]) =>
    isHandWritten(path) ? undescribed(text).map((name) => `${path}: ${name} has no description`) : [],
  )

const leftOver = /\b(?:TODO|FIXME)\b/

/** Of TypeScript the comments are read, of everything else the whole text. This rule's own description names the words. */
const checkLeftOvers = ({ texts, sources }: Repository): string[] =>
  [...texts]
    .filter(([path, text]) => leftOver.test(sources.get(path)?.comments.join('\n') ?? text))
    .map(([path]) => `${path} says that something is left to do`)

/** Programs talk to a terminal; everything else writes to the log. */
const isProgram = (path: string): boolean =>
  /^(?:commands|bench|examples|start)\/|^(?:start|codegen)\.ts$|^provider\/main\.ts$|^devdb\/(?:main\.ts$|conformance\/|proof\/)/.test(
    path,
  )

const checkConsole = ({ sources }: Repository): string[] =>
  [...sources.values()].flatMap(({ path, code }) =>
    /\bconsole\s*\./.test(code) && !isProgram(path) ? [`${path} writes to the console, not to the log`] : [],
  )

const checkDependencies = ({ texts, dependencies, devDependencies }: Repository): string[] => {
  const reasons = texts.get('DEPENDENCIES.md') ?? ''
  return [...dependencies, ...devDependencies]
    .filter((name) => !reasons.includes(`\`${name}\``))
    .map((name) => `DEPENDENCIES.md gives no reason for ${name}`)
}

export const wordRules: readonly Rule[] = [
  { name: 'every type and field of the schema is described', check: checkDescriptions },
  { name: 'nothing is left to do in a comment', check: checkLeftOvers },
  { name: 'only programs write to the console', check: checkConsole },
  { name: 'DEPENDENCIES.md gives a reason for each dependency', check: checkDependencies },
]
