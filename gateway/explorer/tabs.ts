import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** An open tab of GraphiQL. */
export interface Tab {
  readonly query: string
  /** JSON. */
  readonly variables?: string
}

interface Example {
  readonly hint: string
  /** Files of the example client's operations. */
  readonly documents: readonly string[]
  readonly variables?: object
}

const address = { name: 'Ada Lovelace', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }

/** The page puts a variant of this shop in its place that is in stock. */
const someVariant = 'SOME_VARIANT'

const examples: readonly Example[] = [
  {
    hint: 'Welcome. Press the play button. The other tabs follow a buyer from here to a confirmed order.',
    documents: ['browse'],
  },
  {
    // A seller of the demo catalogue, as `npm start` prints it.
    hint: 'Who signs in here is signed in for all tabs, subscriptions included: the token goes into the box above by itself.',
    documents: ['continueAsGuest', 'signIn'],
    variables: { email: 'ida@lantern-house.example', password: 'warm light on the stairs' },
  },
  {
    hint: 'Needs a token: press "Continue as guest" above. Any `id` of a variant of the first tab will do.',
    documents: ['addToCart', 'cartView'],
    variables: { variantId: someVariant, quantity: 1 },
  },
  {
    hint: 'Stays open: run it, then add something in the tab before, or on another device of the same buyer.',
    documents: ['liveCart', 'cartView'],
  },
  {
    hint: 'First SetDestination: its answer has the total with delivery. Put that into `acknowledgedTotal`, then PlaceOrder.',
    documents: ['placeOrder', 'setDestination', 'orderView', 'cartView'],
    variables: {
      address,
      input: {
        idempotencyKey: 'my first order',
        email: 'ada@example.com',
        shippingAddress: address,
        acknowledgedTotal: { amount: '0.00', currencyCode: 'EUR' },
        payment: { provider: 'sandbox', token: 'tok_ok' },
      },
    },
  },
  {
    hint: 'Stays open: the history of an order, and then what happens to it. `id` is in the answer of PlaceOrder.',
    documents: ['liveOrder', 'orderView'],
    variables: { id: 'ord_...', after: 0 },
  },
]

const folder = join(import.meta.dirname, '../../examples/client/operations')

/** Lines that fit into the editor. */
const asComment = (hint: string): string => hint.replaceAll(/(.{1,52})(?: |$)/g, '# $1\n')

const toTab = async ({ hint, documents, variables }: Example): Promise<Tab> => {
  const texts = await Promise.all(documents.map((name) => readFile(join(folder, `${name}.graphql`), 'utf8')))
  return {
    query: [asComment(hint), ...texts].join('\n'),
    ...(variables && { variables: JSON.stringify(variables, null, 2) }),
  }
}

/** The tabs with which GraphiQL opens: the operations of the example client, in the order in which a buyer needs them. */
export const readTabs = (): Promise<Tab[]> => Promise.all(examples.map(toTab))
