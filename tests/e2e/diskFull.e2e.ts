import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedDatabase, startEmbedded } from '../../platform/embedded.ts'
import { type Answer, ask, get } from '../client.ts'
import { addLine, guest, orderInput, placeOrder, setDestination, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'
import { settled } from '../verified.ts'

/** Bounds what a process may write into a file, from now on: to the program every write beyond it fails as on a full disk. */
const prlimit = '/usr/bin/prlimit'

let folder: string
let database: EmbeddedDatabase
let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emporion-disk-'))
  database = await startEmbedded({ folder })
  shop = await startTogether({ MONGODB_URL: database.url, DATABASE_PREFIX: freshPrefix(), LOG_LEVEL: 'silent' })
})
afterAll(async () => {
  await shop?.stop()
  await database?.stop()
  await rm(folder, { recursive: true, force: true })
})

const letWrite = async (bytes: number | 'unlimited'): Promise<void> => {
  await promisify(execFile)(prlimit, ['--pid', String(database.pid), `--fsize=${bytes}:`])
}

const add =
  'mutation ($variantId: ID!) { addCartLine(input: { variantId: $variantId, quantity: 1 }) { userErrors { code } } }'
const place = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code } } }'
const orders = '{ orders(first: 5) { nodes { status } } cart { version lines { quantity } } }'

test.skipIf(!existsSync(prlimit))(
  'given a disk that is full, then what writes is refused as UNAVAILABLE and leaves nothing half done, reads go on, and all works again when there is space (F8, F13)',
  async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    const input = orderInput(await setDestination(shop, token))
    const before = await get(shop, orders, {}, token)

    await letWrite(4_096)
    const refused: Answer[] = [
      await ask(shop, add, { variantId: variant!.id }, token),
      await ask(shop, place, { input }, token),
      await ask(shop, 'mutation { continueAsGuest { session { accessToken } } }'),
    ]
    for (const { errors } of refused)
      expect(errors?.[0].extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    expect(await get(shop, orders, {}, token)).toEqual(before)
    expect((await someVariants(shop)).find(({ id }) => id === variant!.id)).toEqual(variant)

    await letWrite('unlimited')
    const visitor = await guest(shop)
    await addLine(shop, visitor, variant!.id)
    expect((await placeOrder(shop, visitor)).order.status).toBe('CONFIRMED')
    const again = await get(shop, place, { input }, token)
    expect(again.placeOrder.userErrors).toEqual([])
    expect((await get(shop, orders, {}, token)).orders.nodes).toEqual([{ status: 'CONFIRMED' }])
    await settled(shop.snapshot)
  },
  60_000,
)
