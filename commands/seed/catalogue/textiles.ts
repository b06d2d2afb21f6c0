import { prices, type SeedProduct } from '../product.ts'

const blanket = prices(11900, 12900, 9900)
const socks = prices(1890, 1990, 1590)

export const textiles: readonly SeedProduct[] = [
  {
    handle: 'lambswool-blanket',
    title: 'Lambswool Blanket',
    descriptionHtml:
      '<p>Woven in one piece from first-shear wool, washed in rain-soft water and brushed with teasels. 140 by 200 centimetres, enough for two who get on.</p>',
    vendor: 'Weir Mill',
    productType: 'Blankets',
    tags: ['wool', 'winter', 'gift'],
    alt: 'A checked blanket over the arm of a chair',
    variants: [
      { sku: 'WM-BLKT-OAT', choices: { Colour: 'Oat' }, stock: 19, weightGrams: 1_250, prices: blanket },
      { sku: 'WM-BLKT-FERN', choices: { Colour: 'Fern' }, stock: 12, weightGrams: 1_250, prices: blanket },
      { sku: 'WM-BLKT-DUSK', choices: { Colour: 'Dusk' }, stock: 7, weightGrams: 1_250, prices: blanket },
    ],
  },
  {
    handle: 'washed-linen-bedding',
    title: 'Washed Linen Bedding',
    descriptionHtml:
      '<p>Cool in July and warm in January. One duvet cover and one pillowcase, stone-washed so that the first night is already the hundredth.</p>',
    vendor: 'Flaxwell',
    productType: 'Bedding',
    tags: ['linen', 'bedroom'],
    alt: 'An unmade bed in morning light with pale linen',
    variants: [
      {
        sku: 'FW-BED-135-CHALK',
        choices: { Size: '135 × 200', Colour: 'Chalk' },
        stock: 20,
        weightGrams: 1_400,
        prices: prices(14900, 16500, 12900),
      },
      {
        sku: 'FW-BED-135-CLAY',
        choices: { Size: '135 × 200', Colour: 'Clay' },
        stock: 13,
        weightGrams: 1_400,
        prices: prices(14900, 16500, 12900),
      },
      {
        sku: 'FW-BED-200-CHALK',
        choices: { Size: '200 × 220', Colour: 'Chalk' },
        stock: 11,
        weightGrams: 2_100,
        prices: prices(21900, 23900, 18900),
      },
      {
        sku: 'FW-BED-200-CLAY',
        choices: { Size: '200 × 220', Colour: 'Clay' },
        stock: 0,
        weightGrams: 2_100,
        prices: prices(21900, 23900, 18900),
      },
    ],
  },
  {
    handle: 'harbour-wool-socks',
    title: 'Harbour Wool Socks',
    descriptionHtml:
      '<p>The thick pair for wet boots and cold floors, with terry soles and heels knitted double. Darned free of charge for three years.</p>',
    vendor: 'Weir Mill',
    productType: 'Socks',
    tags: ['wool', 'winter', 'repairable'],
    alt: 'Two pairs of ribbed socks drying by a stove',
    variants: [
      { sku: 'WM-SOCK-S', choices: { Size: '36–39' }, stock: 64, weightGrams: 110, prices: socks },
      { sku: 'WM-SOCK-M', choices: { Size: '40–43' }, stock: 88, weightGrams: 120, prices: socks },
      { sku: 'WM-SOCK-L', choices: { Size: '44–47' }, stock: 59, weightGrams: 130, prices: socks },
    ],
  },
  {
    handle: 'indigo-cushion-cover',
    title: 'Indigo Cushion Cover',
    descriptionHtml:
      '<p>Cotton resist-dyed in a vat that has been kept alive for eleven years. 45 by 45 centimetres, with a zip that hides itself.</p>',
    vendor: 'Vat Eleven',
    productType: 'Cushions',
    tags: ['indigo', 'handmade', 'cotton'],
    alt: 'A deep blue cushion with white rings',
    variants: [{ sku: 'VE-CUSH-RING', choices: {}, stock: 27, weightGrams: 210, prices: prices(3490, 3790, 2990) }],
  },
  {
    handle: 'waffle-bath-towel',
    title: 'Waffle Bath Towel',
    descriptionHtml:
      '<p>A light cotton honeycomb that dries you, then dries itself before the next morning. Folds to half the height of a terry towel.</p>',
    vendor: 'Flaxwell',
    productType: 'Towels',
    tags: ['cotton', 'bathroom'],
    alt: 'A stack of white waffle towels on a stool',
    variants: [
      { sku: 'FW-WAFF-HAND', choices: { Size: 'Hand' }, stock: 75, weightGrams: 160, prices: prices(1590, 1750, 1390) },
      { sku: 'FW-WAFF-BATH', choices: { Size: 'Bath' }, stock: 63, weightGrams: 410, prices: prices(3490, 3790, 2990) },
    ],
  },
]
