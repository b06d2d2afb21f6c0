import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, draftsOf, fileOf, problemsOf } from './fixtures.ts'
import { readShopifyCsv } from './shopifyCsv.ts'

const read = (content: string | Uint8Array, currency = 'EUR') => collect(readShopifyCsv(fileOf(content), currency))
const csv = (header: string, ...rows: string[]): string => [header, ...rows].join('\n')

const header = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty'
const good = 'good,Good,,,G-1,5,1'

describe('products from rows', () => {
  it('given rows of variants and pictures, then they are one product with its rows named', async () => {
    const items = await read(
      csv(
        'Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price,Variant Compare At Price,Image Src,Image Position,Image Alt Text,Variant Image',
        'tee,Tee,<p>Soft &amp; light</p>,Acme,Shirts,"men, summer,men",Size,S,Colour,Red,T-S,10,12.50,https://x.example/2.jpg,2,Back,https://x.example/red.jpg',
        'tee,,,,,,,M,,Red,T-M,10,10,https://x.example/1.jpg,1,Front,https://x.example/red.jpg',
        'tee,,,,,,,,,,,,,//x.example/3.jpg,3,,',
      ),
    )
    expect(items).toEqual([
      {
        kind: 'product',
        draft: {
          handle: 'tee',
          title: 'Tee',
          descriptionHtml: '<p>Soft &amp; light</p>',
          vendor: 'Acme',
          productType: 'Shirts',
          categories: ['Shirts'],
          tags: ['men', 'summer'],
          media: [
            { url: 'https://x.example/1.jpg', alt: 'Front' },
            { url: 'https://x.example/2.jpg', alt: 'Back' },
            { url: 'https://x.example/3.jpg', alt: null },
            { url: 'https://x.example/red.jpg', alt: null },
          ],
          published: true,
          variants: [
            {
              sku: 'T-S',
              barcode: null,
              weightGrams: null,
              selectedOptions: [
                { name: 'Size', value: 'S' },
                { name: 'Colour', value: 'Red' },
              ],
              initialStock: 0,
              price: '10',
              compareAt: '12.50',
            },
            expect.objectContaining({ sku: 'T-M', compareAt: null }),
          ],
          rows: [2, 3, 4],
        },
      },
    ])
  })

  it('given `Default Title`, then the product has no options', async () => {
    const [draft] = draftsOf(await read(csv(header, 'a,A,Title,Default Title,A-1,5,1')))
    expect(draft?.variants).toMatchObject([{ sku: 'A-1', selectedOptions: [], initialStock: 1 }])
  })

  it('given rows of a handle that do not stand together, even before its title, then they are one product', async () => {
    const items = await read(
      csv(
        header,
        'tee,,,M,T-M,5,1',
        'cup,Cup,,,C-1,3,1',
        'tee,Tee,Size,S,T-S,5,1',
        'mug,Mug,,,M-1,3,1',
        'tee,,,L,T-L,5,1',
      ),
    )
    expect(draftsOf(items).map(({ handle, rows }) => [handle, rows])).toEqual([
      ['cup', [3]],
      ['mug', [5]],
      ['tee', [2, 4, 6]],
    ])
  })

  it('given the headers of the template of 2025, in another order, with unknown columns, then they are understood', async () => {
    const items = await read(
      csv(
        'Title,URL handle,Description,Product category,Type,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Price,Compare-at price,Inventory quantity,Weight value (grams),Weight unit for display,Product image URL,Color (product.metafields.shopify.color)',
        `Vase,vase,<b>Tall</b>,Home & Garden > Decor,Vases,TRUE,Active,V-1,'0123456789012,Title,Default Title,,19.90,25,3.0,250,kg,https://x.example/v.jpg,blue`,
      ),
    )
    expect(draftsOf(items)).toMatchObject([
      {
        handle: 'vase',
        descriptionHtml: '<b>Tall</b>',
        productType: 'Vases',
        categories: ['Home & Garden > Decor'],
        published: true,
        media: [{ url: 'https://x.example/v.jpg' }],
        variants: [
          {
            sku: 'V-1',
            barcode: '0123456789012',
            price: '19.90',
            compareAt: '25',
            initialStock: 3,
            weightGrams: 250,
            selectedOptions: [],
          },
        ],
      },
    ])
  })

  it('given a column of locations, then each variant says where its units are, if it says so', async () => {
    const [draft] = draftsOf(await read(csv(`${header},Location`, `${good},north`)))
    expect(draft?.variants).toMatchObject([{ location: 'north' }])
    const [plain] = draftsOf(await read(csv(`${header},Location`, `${good},`)))
    expect(plain?.variants[0]).not.toHaveProperty('location')
  })

  it.each([
    ['TRUE', '', true],
    ['false', '', false],
    ['true', 'draft', false],
    ['', 'archived', false],
    ['', 'active', true],
    ['', '', true],
  ])('given Published "%s" and Status "%s", then published is %s', async (published, status, expected) => {
    const [draft] = draftsOf(await read(csv(`${header},Published,Status`, `${good},${published},${status}`)))
    expect(draft?.published).toBe(expected)
  })

  it.each([
    ['1500', '', '', 1_500],
    ['453.59', '', 'lb', 454],
    ['', '1.5', 'kg', 1_500],
    ['', '2', 'lb', 907],
    ['', '3', 'oz', 85],
    ['', '12', 'g', 12],
    ['0', '', 'kg', null],
  ])('given Variant Grams "%s", Variant Weight "%s" %s, then it weighs %s g', async (grams, weight, unit, expected) => {
    const file = csv(`${header},Variant Grams,Variant Weight,Variant Weight Unit`, `${good},${grams},${weight},${unit}`)
    expect(draftsOf(await read(file))[0]?.variants[0]?.weightGrams).toBe(expected)
  })

  it('given html, then it stays as it is, space and all', async () => {
    const html = '<p>\n  One</p>\r\n<script>alert("x")</script>\n'
    const file = csv(`${header},Body (HTML)`, `${good},"${html.replaceAll('"', '""')}"`)
    expect(draftsOf(await read(file))[0]?.descriptionHtml).toBe(html)
  })

  it('given a file without any column of prices, then products come without a price', async () => {
    const [draft] = draftsOf(await read(csv('Handle,Title', 'a,A')))
    expect(draft?.variants).toMatchObject([{ price: null, selectedOptions: [] }])
  })

  it('given semicolons, then the same products come out', async () => {
    const file = csv(header, good).replaceAll(',', ';')
    expect(draftsOf(await read(file))).toEqual(draftsOf(await read(csv(header, good))))
  })

  it('given handles as spreadsheets write them, then they become slugs', async () => {
    const items = await read(csv(header, 'Crème Brûlée Dish,A,,,A-1,5,1', " Men's_Tee ,B,,,B-1,5,1"))
    expect(draftsOf(items).map(({ handle }) => handle)).toEqual(['creme-brulee-dish', 'mens-tee'])
  })
})

describe('generated SKUs', () => {
  const skus = async (...rows: string[]) =>
    draftsOf(await read(csv(header, ...rows))).flatMap(({ variants }) => variants.map(({ sku }) => sku))

  it('given no SKUs, then each variant gets one that is the same in the next import, whatever the order of rows', async () => {
    const once = await skus('tee,Tee,Size,S,,5,1', 'tee,,,M,,5,1')
    expect(new Set(once).size).toBe(2)
    expect(once[0]).toMatch(/^TEE-S-[0-9A-F]{8}$/)
    expect(await skus('tee,Tee,Size,M,,6,9', 'tee,,,S,,6,9')).toEqual(once.toReversed())
  })

  it('given handles and values that run into each other, then the SKUs differ', async () => {
    const own = await skus('a-b,X,Size,c,,5,1', 'a,Y,Size,b-c,,5,1', 'a,,,b c,,5,1')
    expect(new Set(own).size).toBe(3)
  })

  it('given a very long handle, then the SKU stays within 100 characters', async () => {
    const [sku] = await skus(`${'long-'.repeat(60)}x,X,,,,5,1`)
    expect(sku?.length).toBeLessThanOrEqual(100)
  })
})

describe('broken rows refuse their product whole, and the others go on', () => {
  const refused = async (row: string, extraHeader = '', ...more: string[]) => {
    const items = await read(csv(header + extraHeader, row, ...more, good))
    expect(draftsOf(items).map(({ handle }) => handle)).toEqual(['good'])
    return problemsOf(items)
  }

  it.each([
    ['"1,299.00"', '"1,299.00" is not a price'],
    ['$12', '"$12" is not a price'],
    ['"9,99"', '"9,99" is not a price'],
    ['abc', 'is not a price'],
    ['1e3', 'is not a price'],
    ['-5', 'is negative'],
    ['9.999', 'more decimals than EUR'],
    ['99999999999999999', 'too large'],
    ['', 'the variant has no price'],
  ])('given the price %s, then line and column are named', async (price, message) => {
    expect(await refused(`bad,Bad,,,B-1,${price},1`)).toEqual([
      { line: 2, column: 'Variant Price', message: expect.stringContaining(message) },
    ])
  })

  it('given a price with decimals in yen, then it is refused; whole yen pass', async () => {
    const items = await read(csv(header, 'a,A,,,A-1,120.50,1', 'b,B,,,B-1,120.00,1'), 'JPY')
    expect([problemsOf(items).length, draftsOf(items).length]).toEqual([1, 1])
  })

  it.each([
    ['-3', 'is negative'],
    ['1.5', 'not a whole number'],
    ['many', 'not a whole number'],
    ['99999999', 'more than'],
  ])('given the quantity %s, then line and column are named', async (quantity, message) => {
    expect(await refused(`bad,Bad,,,B-1,5,${quantity}`)).toEqual([
      { line: 2, column: 'Variant Inventory Qty', message: expect.stringContaining(message) },
    ])
  })

  it.each([
    ['Published', 'maybe', 'neither true nor false'],
    ['Status', 'sleeping', 'is not a status'],
    ['Image Src', 'javascript:alert(1)', 'http'],
    ['Image Src', '/relative.jpg', 'http'],
    ['Variant Barcode', '4.00639E+12', 'spreadsheet'],
    ['Variant Grams', '-1', 'negative'],
  ])('given %s = %s, then line and column are named', async (column, cell, message) => {
    const problems = await refused(`bad,Bad,,,B-1,5,1,${cell}`, `,${column}`)
    expect(problems).toEqual([{ line: 2, column, message: expect.stringContaining(message) }])
  })

  it('given several faults, then all are told at once', async () => {
    expect(await refused(`bad,,,,B-1,x,-1`)).toMatchObject([
      { column: 'Title' },
      { column: 'Variant Inventory Qty' },
      { column: 'Variant Price' },
    ])
  })

  it('given one bad variant among good ones, then nothing of the product is imported', async () => {
    expect(await refused('bad,Bad,Size,S,B-1,5,1', '', 'bad,,,M,B-2,oops,1', 'bad,,,L,B-3,5,1')).toMatchObject([
      { line: 3 },
    ])
  })

  it('given a SKU twice in the file, then the second product is refused and names the first', async () => {
    const items = await read(csv(header, 'a,A,,,X,5,1', 'b,B,,,X,5,1', good))
    expect(draftsOf(items).map(({ handle }) => handle)).toEqual(['a', 'good'])
    expect(problemsOf(items)).toEqual([
      { line: 3, column: 'Variant SKU', message: expect.stringContaining('SKU of line 2') },
    ])
  })

  it('given a SKU or choices twice in a product, then it is refused', async () => {
    expect(await refused('a,A,Size,S,X,5,1', '', 'a,,,M,X,5,1')).toMatchObject([{ line: 3, column: 'Variant SKU' }])
    expect(await refused('a,A,Size,S,X,5,1', '', 'a,,,S,Y,5,1')).toMatchObject([{ line: 3, column: 'Option1 Value' }])
  })

  it('given the SKU of a refused product, then another product may have it', async () => {
    const items = await read(csv(header, 'a,A,,,X,oops,1', 'b,B,,,X,5,1'))
    expect(draftsOf(items).map(({ handle }) => handle)).toEqual(['b'])
  })

  it('given an option without name or a variant without its value, then it is refused', async () => {
    expect(await refused('a,A,,S,X,5,1')).toMatchObject([{ line: 2, column: 'Option1 Name' }])
    expect(await refused('a,A,Size,S,X,5,1', '', 'a,,,,Y,5,1')).toMatchObject([{ line: 3, column: 'Option1 Value' }])
  })

  it('given more than 250 variants, then the product is refused', async () => {
    const rows = Array.from({ length: 251 }, (_, index) => `a,${index === 0 ? 'A,Size' : ','},v${index},S-${index},5,1`)
    const [first = '', ...more] = rows
    expect(await refused(first, '', ...more)).toMatchObject([{ message: expect.stringContaining('at most 250') }])
  })

  it('given two titles for one handle, then both lines are named', async () => {
    const problems = await refused('a,One,Size,S,X,5,1', '', 'a,Two,Size,M,Y,5,1')
    expect(problems).toEqual([{ line: 3, column: 'Title', message: expect.stringContaining('line 2') }])
  })

  it('given a row without handle, then the product above is refused with it; with a title only the row itself', async () => {
    expect(await refused('a,A,Size,S,X,5,1', '', ',,,M,Y,5,1')).toMatchObject([{ line: 3, column: 'Handle' }])
    expect(await refused(',Nameless,,,X,5,1')).toMatchObject([{ line: 2, column: 'Handle' }])
  })

  it('given a stray quote in a row, then its product is refused whole and the file goes on', async () => {
    const problems = await refused('a,A,Size,S,X,5,1', '', 'a,,,"5" wide",Y,5,1')
    expect(problems).toMatchObject([{ line: 3, column: 'Option1 Value' }])
  })

  it('given a comma outside of quotes, then the row has too many cells', async () => {
    expect(await refused('a,A,,,X,5,1,oops')).toMatchObject([{ line: 2, message: expect.stringContaining('8 cells') }])
  })

  it('given a row cut off by a spreadsheet that drops empty cells, then the rest counts as empty', async () => {
    const items = await read(csv(`${header},Published,Status`, good))
    expect(draftsOf(items)).toHaveLength(1)
  })

  it('given Latin-1 bytes, then line and column are named and the cause', async () => {
    const latin = Uint8Array.from(csv(header, 'cafe,Caf\u00e9,,,C-1,5,1', good), (char) => char.charCodeAt(0))
    const items = await read(latin)
    expect(draftsOf(items).map(({ handle }) => handle)).toEqual(['good'])
    expect(problemsOf(items)).toEqual([{ line: 2, column: 'Title', message: expect.stringContaining('Latin-1') }])
  })
})

describe('files that cannot be imported', () => {
  it.each([
    ['no required column', 'Name,Price\nA,5', 'the columns "Handle" and "Title"'],
    ['no title', 'Handle,Price\na,5', 'the column "Title"'],
    ['nothing', '', 'empty'],
    ['blank lines only', '\n\n \n', 'empty'],
  ])('given %s, then one clear error', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })
})

describe('real files', () => {
  const folder = path.resolve(import.meta.dirname, '../../../shared/data/shopify-csv')
  const isHere = existsSync(folder)
  if (!isHere) console.warn(`Skipped: no real Shopify files in ${folder}`)

  it.skipIf(!isHere).each([
    ['apparel.csv', 20, 22],
    ['home-and-garden.csv', 20, 21],
  ])('given %s, then it is read whole', async (name, products, variants) => {
    const items = await collect(readShopifyCsv(() => createReadStream(path.join(folder, name)), 'EUR'))
    expect(problemsOf(items)).toEqual([])
    expect(draftsOf(items)).toHaveLength(products)
    expect(draftsOf(items).flatMap((draft) => draft.variants)).toHaveLength(variants)
  })
})
