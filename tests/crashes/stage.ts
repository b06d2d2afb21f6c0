import { setTimeout } from 'node:timers/promises'
import type { Snapshot } from '../../commands/dumpState/snapshot.ts'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import type { SubgraphCaller } from '../../platform/caller.ts'
import { type Answer, ask, get, type TestShop } from '../client.ts'
import { address, offer, orderInput, signIn, signUp } from '../people.ts'

/** A shop that crashes. */
export interface CrashingShop extends TestShop {
  readonly callAs: (name: string) => SubgraphCaller
  readonly snapshot: () => Promise<Snapshot>
}

/** People and goods of one shop. */
export interface Stage {
  readonly shop: CrashingShop
  /** An administrator. */
  readonly support: { readonly email: string; readonly password: string }
  /** Two that there are, and one that is sold out. */
  readonly variantIds: readonly string[]
  /** Two units at the main location and two at the yard. */
  readonly split: string
  /** The slug of a product of five units, all of them in the shed. */
  readonly shed: string
  /** Settles while the shop works: nobody asks one that is known to be dead. */
  readonly whenOpen: () => Promise<void>
  /** How long clients go on asking. */
  readonly patienceMs: number
}

const adjust =
  'mutation ($input: AdjustStockInput!) { told: adjustStock(input: $input) { userErrors { code message } } }'
const locate =
  'mutation ($input: CreateStockLocationInput!) { told: createStockLocation(input: $input) { userErrors { code message } } }'

const isDone = ({ userErrors }: Answer): boolean => userErrors.length === 0

export const setTheStage = async (
  shop: CrashingShop,
  { whenOpen = async () => undefined, patienceMs }: Pick<Stage, 'patienceMs'> & Partial<Pick<Stage, 'whenOpen'>>,
): Promise<Stage> => {
  await whenOpen()
  const seller = await signIn(shop, lanternHouse)
  const support = await signUp(shop)
  const query = 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { userErrors { code } } }'
  await shop.callAs('admin')('users', { query, variables: { input: { email: support.email } } })
  const admin = await signIn(shop, support)
  const some = await offer(shop, seller, { stock: 100_000, variants: 2 })
  const none = await offer(shop, seller, { stock: 0 })
  const make = async (mutation: string, input: object, token: string): Promise<void> => {
    const { told } = await get(shop, mutation, { input }, token)
    if (!isDone(told)) throw new Error(JSON.stringify(told))
  }
  const placed = async (location: string, stock: number, delta: number) => {
    await make(locate, { code: location, name: location }, admin)
    const { variantIds, slug } = await offer(shop, seller, { stock })
    const [variantId = ''] = variantIds
    await make(adjust, { variantId, location, delta, reason: 'delivered', idempotencyKey: crypto.randomUUID() }, seller)
    return { variantId, slug }
  }
  return {
    shop,
    support,
    variantIds: [...some.variantIds, ...none.variantIds],
    split: (await placed('yard', 2, 2)).variantId,
    shed: (await placed('shed', 0, 5)).slug,
    whenOpen,
    patienceMs,
  }
}

interface Asked {
  readonly variables?: object
  readonly token?: string
  readonly until: (told: Answer) => boolean
}

/** Does it again until it has come to something; time in which nobody is there to be asked does not count. */
export const keepOn = async <Told>(
  { whenOpen, patienceMs }: Stage,
  act: () => Promise<{ readonly told: Told | null; readonly last: unknown }>,
): Promise<Told> => {
  let left = patienceMs
  let seen: unknown = null
  while (left > 0) {
    await whenOpen()
    const began = performance.now()
    const { told, last } = await act()
    if (told !== null) return told
    seen = last
    await setTimeout(100)
    left -= performance.now() - began
  }
  throw new Error(`still ${JSON.stringify(seen)}`)
}

/** Asks the same again until the answer is the one that is awaited, as a client with a key does. */
export const persist = async (stage: Stage, query: string, { variables, token, until }: Asked): Promise<Answer> =>
  keepOn(stage, async () => {
    const last = await ask(stage.shop, query, variables, token).catch(String)
    const told = (last as Answer)?.data?.told
    return { told: told && until(told) ? told : null, last: [query, last] }
  })

export const insist = (
  stage: Stage,
  [mutation, type, selection]: readonly [string, string, string],
  { input, ...asked }: { input: object } & Omit<Asked, 'variables'>,
): Promise<Answer> =>
  persist(
    stage,
    `mutation ($input: ${type}!) { told: ${mutation}(input: $input) { ${selection} userErrors { code } } }`,
    { variables: { input }, ...asked },
  )

export const until = { isDone, has: (status: string) => (told: Answer) => told.order?.status === status }

/** A token of the administrator: those of a long proof would run out. */
export const enter = async (stage: Stage): Promise<string> =>
  (
    await insist(stage, ['signIn', 'SignInInput', 'session { accessToken }'], {
      input: { email: stage.support.email, password: stage.support.password },
      until: isDone,
    })
  ).session.accessToken

const filled = 'cart { lines { id quantity variant { id } } }'

/** A cart with these, and the input to order it with. */
export const fill = async (stage: Stage, lines: readonly (readonly [string, number])[], card: string) => {
  const guests = 'mutation { told: continueAsGuest { session { accessToken } userErrors { code } } }'
  const token: string = (await persist(stage, guests, { until: isDone })).session.accessToken
  for (const [variantId, quantity] of lines) {
    const input = { variantId, quantity }
    const added = await insist(stage, ['addCartLine', 'AddCartLineInput', filled], { input, token, until: isDone })
    const line = added.cart.lines.find(({ variant }: Answer) => variant.id === variantId)
    if (line.quantity === quantity) continue
    // The first answer was not heard, and it was added twice.
    const wanted = { lineId: line.id, quantity }
    await insist(stage, ['updateCartLine', 'UpdateCartLineInput', ''], { input: wanted, token, until: isDone })
  }
  const { cart } = await insist(
    stage,
    ['setCartDestination', 'SetCartDestinationInput', 'cart { totals { total { amount currencyCode } } }'],
    {
      input: { shippingAddress: address },
      token,
      until: ({ cart: sent }) => sent?.totals?.total,
    },
  )
  return { token, input: orderInput(cart.totals.total, card) }
}

export const place = (
  stage: Stage,
  { token, input }: { token: string; input: object },
  awaited: (told: Answer) => boolean,
): Promise<Answer> =>
  insist(stage, ['placeOrder', 'PlaceOrderInput', 'order { id status payments { id } }'], {
    input,
    token,
    until: awaited,
  })

export const cancel = (stage: Stage, id: string, token: string): Promise<Answer> =>
  insist(stage, ['cancelOrder', 'CancelOrderInput', 'order { id status }'], {
    input: { id },
    token,
    until: until.has('CANCELED'),
  })
