import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import jwt from 'jsonwebtoken'
import { expect } from 'vitest'
import { lanternHouse, tidewaterGoods } from '../../commands/seed/sellers.ts'
import { anonymous, type Role, type Viewer } from '../../platform/auth.ts'
import { makeCallSigner, makeSubgraphCaller } from '../../platform/caller.ts'
import { readConfig } from '../../platform/config.ts'
import { remoteEndpoint } from '../../platform/endpoint.ts'
import { makeIds } from '../../platform/kernel/id.ts'
import { systemClock } from '../../platform/kernel/time.ts'
import { systemRandom } from '../../platform/random.ts'
import { get } from '../client.ts'
import { addLine, guest, offer, placeOrder, signIn, signUp } from '../people.ts'
import { startApart } from '../shop.ts'
import { type Person, people, type Thing } from './doors.ts'
import { readSchema } from './schema.ts'

const root = join(import.meta.dirname, '../..')
export const readSdl = (path: string) => readSchema(readFileSync(join(root, 'schema', path), 'utf8'))

export type Shop = Awaited<ReturnType<typeof startApart>>

/** A shop of separate processes, one of each kind of viewer, and things of which some may see each. */
export interface World {
  readonly shop: Shop
  readonly tokens: Readonly<Record<Person, string | undefined>>
  readonly things: Readonly<Record<Thing, string>>
  /** A variant that is for sale. */
  readonly sold: string
}

const { internalSecret } = readConfig({})
/** Signs calls to subgraphs as the gateway and siblings do. */
export const sign = makeCallSigner({
  secret: internalSecret,
  clock: systemClock,
  ids: makeIds(systemClock, systemRandom),
})

/** An account with roles that nobody can give themselves. */
const makeStaff = async (shop: Shop, role: Role): Promise<string> => {
  const endpoint = remoteEndpoint(shop.subgraphUrl('users'))
  const call = makeSubgraphCaller('seed', { endpoints: () => endpoint, sign, timeoutMs: 5_000 })
  const account = { email: `${role.toLowerCase()}-${process.pid}@example.com`, password: 'a long walk by the sea' }
  await call('users', {
    query: 'mutation ($input: EnsureAccountInput!) { ensureAccount(input: $input) { userErrors { code } } }',
    variables: { input: { ...account, name: role, roles: ['BUYER', role] } },
  })
  await endpoint.stop()
  return signIn(shop, account)
}

/** Who a token stands for, as the gateway signs it. */
export const viewerOf = (token: string | undefined): Viewer => {
  if (!token) return anonymous
  const {
    sub: id,
    sid: sessionId,
    kind,
    roles,
  } = jwt.decode(token) as {
    sub: string
    sid: string
    kind: string
    roles: Role[]
  }
  return kind === 'guest' ? { kind, id, sessionId } : { kind: 'user', id, sessionId, roles }
}

/** The words that only a viewer may see who may see the owner's things. */
export const canaries = ['Canary Street 7', 'canary-of-the-owner@example.com']

/** Starts the shop and fills it. */
export const startWorld = async (): Promise<World> => {
  const shop = await startApart()
  const seller = await signIn(shop, tidewaterGoods)
  const owner = (await signUp(shop)).token
  const tokens: World['tokens'] = {
    anonymous: undefined,
    guest: await guest(shop),
    owner,
    otherBuyer: (await signUp(shop)).token,
    seller,
    otherSeller: await signIn(shop, lanternHouse),
    support: await makeStaff(shop, 'SUPPORT'),
    admin: await makeStaff(shop, 'ADMIN'),
  }
  const { variantIds } = await offer(shop, seller)
  const sold = variantIds[0]!
  await addLine(shop, owner, sold)
  const [street, email] = canaries
  const shippingAddress = { name: 'Ada Buyer', line1: street, city: 'Berlin', postalCode: '10115', countryCode: 'DE' }
  const { order } = await placeOrder(shop, owner, { shippingAddress, email })
  expect(order.status).toBe('CONFIRMED')
  const { cart } = await addLine(shop, owner, variantIds[0]!)
  const draft = await offer(shop, seller, { published: false })
  const saved = await get(
    shop,
    'mutation ($input: AddAddressInput!) { addAddress(input: $input) { addresses { id } userErrors { code field } } }',
    { input: { address: shippingAddress } },
    owner,
  )
  const things: World['things'] = {
    order: order.id,
    payment: order.payments[0].id,
    draft: draft.productId,
    draftSlug: draft.slug,
    draftVariant: draft.variantIds[0]!,
    line: cart.lines[0].id,
    session: (await get(shop, '{ sessions { id } }', {}, owner)).sessions[0].id,
    cart: cart.id,
    account: (await get(shop, '{ viewer { id } }', {}, owner)).viewer.id,
    address: saved.addAddress.addresses[0].id,
  }
  // Everybody else has a cart too, so that a missing cart does not hide a line that is not theirs.
  const others = people.filter((person) => person !== 'owner' && tokens[person])
  await Promise.all(others.map((person) => addLine(shop, tokens[person]!, variantIds[0]!)))
  return { shop, tokens, things, sold }
}
