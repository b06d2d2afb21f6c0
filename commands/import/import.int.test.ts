import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { systemClock } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { readConfig } from '#platform/config.ts'
import { makeLog } from '#platform/log.ts'
import { connectMongo } from '#platform/mongo.ts'
import { startShop } from '../../shop.ts'
import { freshPrefix } from '../../tests/subgraph.ts'
import { seedIfEmpty } from '../seed/firstStart.ts'
import { seed } from '../seed/seed.ts'
import { lanternHouse } from '../seed/sellers.ts'
import { importUnits, runImport } from './run.ts'

const data = path.resolve(import.meta.dirname, '../../../shared/data')
const isDataHere = existsSync(data)
if (!isDataHere) console.warn(`Skipped: no real catalogue files in ${data}`)

const collecting = () => {
  const texts: string[] = []
  return { write: (text: string) => texts.push(text), text: () => texts.join('') }
}

/** A shop over a fresh database with one seller, and the command to import into it. */
const givenShop = async () => {
  const prefix = freshPrefix()
  const url = inject('mongoUrl')
  const config = {
    ...readConfig({ MONGODB_URL: url, DATABASE_PREFIX: prefix, DATA_DIR: '.data/test' }),
    units: importUnits,
  }
  const open = () => startShop(config, { attach: true, log: makeLog('silent') })
  const folder = await mkdtemp(path.join(tmpdir(), 'import-'))
  const shop = await open()
  onTestFinished(async () => {
    await shop.stop()
    await rm(folder, { recursive: true })
    const mongo = await connectMongo({ url, prefix })
    for (const name of ['users', 'products', 'pricing']) await mongo.database(name).dropDatabase()
    await mongo.stop()
  })
  const input = { ...lanternHouse, roles: ['SELLER'] }
  const query =
    'mutation ($input: EnsureAccountInput!) { ensureAccount(input: $input) { accountId userErrors { message } } }'
  await shop.callAs('seed')('users', { query, variables: { input } })
  return {
    shop,
    folder,
    write: async (name: string, content: string | Uint8Array) => {
      const file = path.join(folder, name)
      await writeFile(file, content)
      return file
    },
    run: async (...args: string[]) => {
      const out = collecting()
      const err = collecting()
      const openImport = async () => {
        const own = await open()
        return { call: own.callAs('import'), stop: own.stop }
      }
      const code = await runImport({ args, open: openImport, shopCurrency: 'EUR', clock: systemClock, out, err })
      return { code, out: out.text(), err: err.text() }
    },
    product: async (slug: string) => {
      const product = await shop.callAs('cart')<{
        product: { id: string; variants: { id: string; sku: string }[] } | null
      }>('products', {
        query: `query ($slug: String!) { product(slug: $slug) {
            id title status updatedAt tags categories { name } seller { id } media { url }
            variants { id sku selectedOptions { name value } availability { left } } } }`,
        variables: { slug },
      })
      return product.product
    },
    price: async (id: string, currency: string) => {
      const { _entities } = await shop.callAs('cart')<{ _entities: unknown[] }>('pricing', {
        query: `query ($r: [_Any!]!, $c: CurrencyCode) { _entities(representations: $r) { ... on ProductVariant {
          price(currency: $c) { amount { amount } compareAt { amount } tiers { minQuantity } } } } }`,
        variables: { r: [{ __typename: 'ProductVariant', id }], c: currency },
      })
      return _entities[0]
    },
  }
}

const seller = ['--seller', lanternHouse.id]
const header =
  'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty'

describe('import into a shop', () => {
  it('given a file, when imported twice, then the second import changes nothing', async () => {
    const { run, write, product, price } = await givenShop()
    const file = await write(
      'a.csv',
      [header, 'tee,Tee,Size,S,T-S,10,12,3', 'tee,,,M,,11.5,,4', 'cup,Cup,,,C-1,5,,0'].join('\n'),
    )
    expect(await run(file, ...seller)).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 created, 0 updated, 0 unchanged, 0 refused; 3 prices changed.'),
      err: '',
    })
    const tee = await product('tee')
    expect(tee).toMatchObject({
      title: 'Tee',
      status: 'PUBLISHED',
      seller: { id: lanternHouse.id },
      variants: [
        { sku: 'T-S', selectedOptions: [{ name: 'Size', value: 'S' }], availability: { left: 3 } },
        { sku: expect.stringMatching(/^TEE-M-/), availability: { left: 4 } },
      ],
    })
    expect(await price(tee!.variants[0]!.id, 'EUR')).toMatchObject({
      price: { amount: { amount: '10.00' }, compareAt: { amount: '12.00' } },
    })
    expect(await run(file, ...seller)).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 created, 0 updated, 2 unchanged, 0 refused; 0 prices changed.'),
    })
    expect(await product('tee')).toEqual(tee)
  })

  it('given a changed file, then only what changed is updated, and stock that was sold is not given back', async () => {
    const { run, write, product } = await givenShop()
    await run(await write('a.csv', `${header}\ntee,Tee,,,T,10,,3\ncup,Cup,,,C,5,,3`), ...seller)
    const again = await run(await write('b.csv', `${header}\ntee,Tee shirt,,,T,10,,9\ncup,Cup,,,C,6,,3`), ...seller)
    expect(again.out).toContain('0 created, 1 updated, 1 unchanged, 0 refused; 1 prices changed.')
    expect(await product('tee')).toMatchObject({ title: 'Tee shirt', variants: [{ availability: { left: 3 } }] })
  })

  it('given broken rows, then their products are not there at all, the others are, and the report says why', async () => {
    const { run, write, product, folder } = await givenShop()
    const rows = [
      header,
      'bad,Bad,Size,S,B-S,10,,3',
      'bad,,,M,B-M,$12,,4',
      'good,Good,,,G,5,,1',
      '"open,x,,,O,5,,1',
      'last,Last,,,L,5,,1',
    ]
    const report = path.join(folder, 'report.csv')
    const { code, out, err } = await run(await write('a.csv', rows.join('\n')), ...seller, '--report', report)
    expect(code).toBe(1)
    expect(out).toContain('2 created, 0 updated, 0 unchanged, 2 refused')
    expect(err).toContain('line 3, column Variant Price: "$12" is not a price')
    expect(err).toContain('line 5, column Handle: the quotes do not match')
    expect(err).not.toContain('    at ')
    expect([await product('bad'), await product('good'), await product('last')]).toMatchObject([null, {}, {}])
    expect((await readFile(report, 'utf8')).split('\n')).toEqual([
      'line,handle,outcome,column,message',
      '2,bad,REFUSED,,',
      expect.stringMatching(/^3,bad,REFUSED,Variant Price,/),
      expect.stringMatching(/^5,open,REFUSED,Handle,/),
      '4,good,CREATED,,',
      '6,last,CREATED,,',
      '',
    ])
  })

  it("given another seller's handle or SKU, then the product is refused with its line and keeps its owner", async () => {
    const { shop, run, write, product } = await givenShop()
    await seed(shop.callAs('seed'))
    const file = await write('a.csv', `${header}\nmarket-tote,Mine,,,X-1,1,,1\nnew-tote,New,,,QB-TOTE-CRM,1,,1`)
    const { code, err } = await run(file, ...seller)
    expect(code).toBe(1)
    expect(err).toContain('line 2: ')
    expect(err).toContain('line 3: ')
    expect(await product('market-tote')).toMatchObject({ title: 'Market Tote' })
    expect(await product('new-tote')).toBeNull()
  })

  it('given several wrong arguments, then all are told in one go and nothing is started', async () => {
    const { run } = await givenShop()
    const { code, err } = await run(
      'no-such.csv',
      '--seller',
      `usr_${'0'.repeat(26)}`,
      '--currency',
      'EUROS',
      '--frmat',
      'x',
    )
    expect(code).toBe(2)
    expect(err.trim().split('\n')).toEqual([
      'There is no option --frmat.',
      expect.stringContaining('what is "x"?'),
      expect.stringContaining('--currency "EUROS"'),
      expect.stringContaining('there is no such file'),
      expect.stringContaining('there is no account with this id that sells'),
    ])
  })

  it('given a file without the needed columns, then one clear line', async () => {
    const { run, write } = await givenShop()
    const { code, err } = await run(await write('a.csv', 'Name,Price\nA,5'), ...seller, '--format', 'shopify')
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^The header lacks the columns "Handle" and "Title"[^\n]*\n$/),
    ])
  })

  it('given a dry run, then the file is checked and nothing written', async () => {
    const { run, write, product } = await givenShop()
    const file = await write('a.csv', `${header}\ntee,Tee,,,T,10,,3\ncup,Cup,,,C,x,,3`)
    const { code, out } = await run(file, ...seller, '--dry-run')
    expect([code, out]).toEqual([1, expect.stringContaining('1 products are in order, 1 refused. Dry run')])
    expect(await product('tee')).toBeNull()
  })

  it('given invoices packed with gzip, then the format is told from the header and prices are in pounds', async () => {
    const { run, write, product, price } = await givenShop()
    const invoices = [
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      '1,85123a,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
      '2,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-02 08:26:00,2.95,17850.0,United Kingdom',
    ]
    const file = await write('a.csv.gz', gzipSync(invoices.join('\n')))
    expect(await run(file, ...seller)).toMatchObject({ code: 0, out: expect.stringContaining('1 created') })
    const found = await product('white-hanging-heart-t-light-holder-85123a')
    expect(found).toMatchObject({ variants: [{ sku: '85123A', availability: { left: 12 } }] })
    expect(await price(found!.variants[0]!.id, 'GBP')).toMatchObject({ price: { amount: { amount: '2.95' } } })
  })

  it.skipIf(!isDataHere).each(['apparel.csv', 'home-and-garden.csv'])(
    'given the real %s, then it imports whole, and again changes nothing',
    async (name) => {
      const { run } = await givenShop()
      const file = path.join(data, 'shopify-csv', name)
      expect(await run(file, ...seller)).toMatchObject({
        code: 0,
        out: expect.stringContaining('20 created, 0 updated, 0 unchanged, 0 refused'),
      })
      expect(await run(file, ...seller)).toMatchObject({
        code: 0,
        out: expect.stringContaining('0 created, 0 updated, 20 unchanged, 0 refused; 0 prices changed.'),
      })
    },
  )

  it.skipIf(!isDataHere)(
    'given a month of real invoices, then thousands of products are there',
    async () => {
      const { run } = await givenShop()
      const { code, out } = await run(path.join(data, 'online-retail/2010-12.csv.gz'), ...seller)
      expect(code).toBe(0)
      expect(Number(/^(\d+) created/.exec(out)?.[1])).toBeGreaterThan(2_000)
    },
    120_000,
  )
})

describe('seed', () => {
  it('given first starts that die after any of its steps, when it starts again, then it goes on, and only a whole catalogue is left alone (F13)', async () => {
    const { shop } = await givenShop()
    const call = shop.callAs('seed')
    /** Does so many steps, and dies after the last: its answer is not heard. */
    const dyingAfter = (steps: number): SubgraphCaller => {
      let done = 0
      return async (subgraph, request) => {
        const answer = await call(subgraph, request)
        if (++done > steps) throw new Error('died')
        return answer as never
      }
    }
    // What it asks first, the accounts, the keystone, a few shelves, all but the last prices.
    for (const steps of [0, 1, 3, 6, 11, 21]) await expect(seedIfEmpty(dyingAfter(steps))).rejects.toThrow('died')
    expect(await seedIfEmpty(call)).toBe(true)
    expect(await seed(call)).toEqual({ products: 40, productsChanged: 0, pricesChanged: 0 })
    expect(await seedIfEmpty(call)).toBe(false)
  })

  it('given an empty shop, when seeded twice, then the second time changes nothing', async () => {
    const { shop, product, price } = await givenShop()
    const first = await seed(shop.callAs('seed'))
    expect(first).toMatchObject({ products: 40, productsChanged: 40 })
    expect(await seed(shop.callAs('seed'))).toEqual({ products: 40, productsChanged: 0, pricesChanged: 0 })
    const towel = await product('linen-tea-towel')
    for (const currency of ['EUR', 'USD', 'GBP'])
      expect(await price(towel!.variants[0]!.id, currency)).toMatchObject({
        price: { tiers: [{ minQuantity: 3 }, { minQuantity: 6 }] },
      })
  })
})
