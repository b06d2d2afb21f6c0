import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { collect, draftsOf, fileOf, problemsOf } from './fixtures.ts'
import { readOnlineRetail } from './onlineRetail.ts'
import { kindOf, toTitle } from './retailTitle.ts'

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const read = (...rows: string[]) => collect(readOnlineRetail(fileOf([header, ...rows].join('\n'))))
const line = (changes: Partial<Record<'no' | 'code' | 'text' | 'units' | 'at' | 'price', string>>): string => {
  const { no, code, text, units, at, price } = {
    ...{
      no: '536365',
      code: '22423',
      text: 'REGENCY CAKESTAND 3 TIER',
      units: '2',
      at: '2010-12-01 08:26:00',
      price: '10.95',
    },
    ...changes,
  }
  return [no, code, text, units, at, price, '', 'United Kingdom'].join(',')
}

describe('products from invoices', () => {
  it('given sales of one stock code in any case, then they are one product with the latest price above zero', async () => {
    const items = await read(
      line({ code: '85123a', at: '2010-12-03 10:00:00', price: '12.75' }),
      line({ code: '85123A', at: '2010-12-01 08:26:00', price: '10.95', units: '30' }),
      line({ code: '85123A', at: '2010-12-05 10:00:00', price: '0.0' }),
    )
    expect(draftsOf(items)).toMatchObject([
      {
        handle: 'regency-cakestand-3-tier-85123a',
        title: 'Regency Cakestand 3 Tier',
        categories: ['Kitchen & Dining'],
        published: true,
        variants: [{ sku: '85123A', price: '12.75', initialStock: 32, selectedOptions: [] }],
        rows: [2],
      },
    ])
  })

  it('given several descriptions, then the most frequent one counts, and notes of the warehouse never do', async () => {
    const texts = ['REGENCY CAKESTAND', 'CAKE STAND', 'CAKE STAND', 'faulty', 'faulty', 'faulty', '?', '']
    const [draft] = draftsOf(await read(...texts.map((text) => line({ text }))))
    expect(draft?.title).toBe('Cake Stand')
  })

  it('given few sales, then ten are in stock', async () => {
    const [draft] = draftsOf(await read(line({ units: '1' })))
    expect(draft?.variants[0]?.initialStock).toBe(10)
  })

  it.each(['POST', 'D', 'M', 'm', 'BANK CHARGES', 'AMAZONFEE', 'DOT', 'C2', 'gift_0001_40', 'S', 'PADS'])(
    'given the code %s, which is no merchandise, then there is no product',
    async (code) => {
      expect(await read(line({ code }))).toEqual([])
    },
  )

  it('given only cancellations, returns and free lines, then there is no product', async () => {
    expect(await read(line({ no: 'C536379' }), line({ units: '-3' }), line({ price: '0.0' }))).toEqual([])
  })

  it.each([
    [{ units: 'two' }, 'Quantity'],
    [{ price: 'abc' }, 'UnitPrice'],
    [{ price: '1.999' }, 'UnitPrice'],
    [{ at: 'yesterday' }, 'InvoiceDate'],
    [{ code: '' }, 'StockCode'],
  ])('given a line with %o, then line and column are named and the other lines count', async (changes, column) => {
    const items = await read(line(changes), line({}))
    expect(problemsOf(items)).toMatchObject([{ line: 2, column }])
    expect(draftsOf(items)).toHaveLength(1)
  })

  it('given another file, then the missing columns are named', async () => {
    await expect(collect(readOnlineRetail(fileOf('Handle,Title\na,b')))).rejects.toThrow('"InvoiceNo", "StockCode"')
    await expect(collect(readOnlineRetail(fileOf('')))).rejects.toThrow('empty')
  })
})

describe('titles', () => {
  it.each([
    ['WHITE HANGING HEART T-LIGHT HOLDER ', 'White Hanging Heart T-Light Holder'],
    ["POPPY'S PLAYHOUSE BEDROOM ", "Poppy's Playhouse Bedroom"],
    ['RED WHITE SCARF  HOT WATER BOTTLE', 'Red White Scarf Hot Water Bottle'],
    ['SET OF 3 BUTTERFLY COOKIE CUTTERS', 'Set of 3 Butterfly Cookie Cutters'],
    ['RED TOADSTOOL LED NIGHT LIGHT', 'Red Toadstool LED Night Light'],
    ['LETTER "D" BLING KEY RING', 'Letter "D" Bling Key Ring'],
    ['RED WOOLLY HOTTIE WHITE HEART.', 'Red Woolly Hottie White Heart'],
    ['*USB Office Mirror Ball', 'USB Office Mirror Ball'],
    ["Dad's Cab Electronic Meter", "Dad's Cab Electronic Meter"],
    ['PINK/WHITE CHRISTMAS TREE 60CM', 'Pink/White Christmas Tree 60cm'],
  ])('%s -> %s', (description, title) => {
    expect(toTitle(description)).toBe(title)
  })

  it('tells a rough kind, Gifts when nothing fits', () => {
    expect([kindOf('Vintage Billboard Tea Mug'), kindOf('Pink Fly Swat')]).toEqual(['Kitchen & Dining', 'Gifts'])
  })
})

describe('a real month of invoices', () => {
  const file = path.resolve(import.meta.dirname, '../../../shared/data/online-retail/2010-12.csv.gz')
  const isHere = existsSync(file)
  if (!isHere) console.warn(`Skipped: no real invoices at ${file}`)

  it.skipIf(!isHere)('gives thousands of products with unique handles and SKUs, the same ones each time', async () => {
    const readFile = () => collect(readOnlineRetail(() => createReadStream(file).pipe(createGunzip())))
    const items = await readFile()
    const drafts = draftsOf(items)
    expect(problemsOf(items)).toEqual([])
    expect(drafts.length).toBeGreaterThan(2_500)
    expect(new Set(drafts.map(({ handle }) => handle)).size).toBe(drafts.length)
    expect(new Set(drafts.map(({ variants }) => variants[0]?.sku)).size).toBe(drafts.length)
    expect(await readFile()).toEqual(items)
  })
})
