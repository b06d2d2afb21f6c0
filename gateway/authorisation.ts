import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Viewer } from '#platform/auth.ts'
import { isShopper, scopesOf } from '#platform/auth.ts'
import { type AccessRules, type Grant, isNothing, meets, type Requirement } from './accessRules.ts'
import { needOfValue } from './inputNeeds.ts'

/** A place in an operation, and what it takes to ask for it. */
export interface Need {
  readonly path: readonly string[]
  readonly requirement: Requirement
}

/**
 * What an operation needs, from its validated document alone: `@skip` and `@include` do not count, so that no variable opens a way
 * around. Each fragment is walked once, however often it is spread.
 */
export const needsOf = (rules: AccessRules, document: DocumentNode, operation: OperationDefinitionNode): Need[] => {
  const needs: Need[] = []
  const walked = new Set<string>()
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )
  const add = (path: readonly string[], requirement: Requirement): void => {
    if (!isNothing(requirement)) needs.push({ path, requirement })
  }

  const enter = (typeName: string, set: SelectionSetNode, path: readonly string[]): void => {
    add(path, rules.ofType(typeName))
    walk(typeName, set, path)
  }

  const walk = (typeName: string, { selections }: SelectionSetNode, path: readonly string[]): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        enter(selection.typeCondition?.name.value ?? typeName, selection.selectionSet, path)
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)
        if (!fragment || walked.has(fragment.name.value)) continue
        walked.add(fragment.name.value)
        enter(fragment.typeCondition.name.value, fragment.selectionSet, path)
      } else {
        const { name, alias, selectionSet } = selection
        const place = [...path, alias?.value ?? name.value]
        add(place, rules.ofField(typeName, name.value))
        const type = rules.schema.getType(typeName)
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined
        for (const { name: given, value } of selection.arguments ?? []) {
          const argument = field?.args.find((one) => one.name === given.value)
          if (argument) add(place, needOfValue(rules, argument.type, value))
        }
        if (selectionSet && field) enter(getNamedType(field.type).name, selectionSet, place)
      }
    }
  }

  const root = rules.schema.getRootType(operation.operation)
  if (root) enter(root.name, operation.selectionSet, [])
  return needs
}

/** The refusal of an operation as a whole; nothing of it is planned or run. */
const refusal = ({ path }: Need): GraphQLError =>
  new GraphQLError('Unauthorized field or type: this viewer may not ask for it.', {
    path: path.length > 0 ? path : undefined,
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
  })

/** At most so many places are named; one is enough to refuse. */
const maxNamed = 10

export const grantOf = (viewer: Viewer): Grant => ({ authenticated: isShopper(viewer), scopes: scopesOf(viewer) })

/** The errors for which an operation of a viewer is refused; empty when it may run. */
export type Enforcer = (document: DocumentNode, operation: OperationDefinitionNode, viewer: Viewer) => GraphQLError[]

/** Enforces the rules; what a document needs is found once, whoever sends it. */
export const makeEnforcer = (rules: AccessRules): Enforcer => {
  const known = new WeakMap<OperationDefinitionNode, Need[]>()
  return (document, operation, viewer) => {
    const needs = known.get(operation) ?? needsOf(rules, document, operation)
    known.set(operation, needs)
    if (needs.length === 0) return []
    const grant = grantOf(viewer)
    return needs
      .filter(({ requirement }) => !meets(requirement, grant))
      .slice(0, maxNamed)
      .map(refusal)
  }
}
