import type { OperationDefinitionNode, SelectionSetNode } from 'graphql'

/** What is given up first when there is too much to do, and last. */
export const classes = ['browse', 'account', 'checkout'] as const
export type Class = (typeof classes)[number]

/** Root fields with which somebody looks around: what they show is public, and the next look is a moment later. */
const browsing: ReadonlySet<string> = new Set([
  '__typename',
  '__schema',
  '__type',
  'product',
  'products',
  'search',
  'categories',
  'shippingMethods',
  'paymentProviders',
  'stockChanged',
])

/** Root fields with which somebody pays, or hears whether it was paid. */
const checkingOut: ReadonlySet<string> = new Set([
  'quote',
  'setCartDestination',
  'placeOrder',
  'confirmPayment',
  'payment',
  'order',
  'orderUpdated',
])

/** Every root field that has a class by name; the others are somebody's own affairs. */
export const namedRootFields: readonly string[] = [...browsing, ...checkingOut]

/** Names at the top of an operation; null for a fragment, which would have to be looked up. */
const rootNames = ({ selections }: SelectionSetNode): (string | null)[] =>
  selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection.name.value]
    return selection.kind === 'InlineFragment' ? rootNames(selection.selectionSet) : [null]
  })

const classify = ({ selectionSet }: OperationDefinitionNode): Class => {
  const names = rootNames(selectionSet)
  if (names.some((name) => name !== null && checkingOut.has(name))) return 'checkout'
  return names.every((name) => name !== null && browsing.has(name)) ? 'browse' : 'account'
}

/** Documents are kept parsed, so the same operation is looked at once. */
const known = new WeakMap<OperationDefinitionNode, Class>()

/**
 * The class of an operation, from its root fields alone. One that pays counts as a checkout whatever else it asks for, or people would
 * lose orders; one that only browses counts as browsing.
 */
export const classOf = (operation: OperationDefinitionNode): Class => {
  const found = known.get(operation) ?? classify(operation)
  known.set(operation, found)
  return found
}
