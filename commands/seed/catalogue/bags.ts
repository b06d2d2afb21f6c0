import { prices, type SeedProduct } from '../product.ts'

const rucksack = prices(12900, 13900, 10900)

export const bags: readonly SeedProduct[] = [
  {
    handle: 'roll-top-rucksack',
    title: 'Roll-Top Rucksack',
    descriptionHtml:
      '<p>Waxed canvas that turns rain into beads, and a mouth that swallows a loaf, a laptop and a jumper at once. Eighteen litres, twenty-four with the top up.</p>',
    vendor: 'Quayside Bags',
    productType: 'Rucksacks',
    tags: ['waxed canvas', 'waterproof'],
    alt: 'An olive rucksack leaning on a bollard',
    variants: [
      { sku: 'QB-ROLL-OLV', choices: { Colour: 'Olive' }, stock: 23, weightGrams: 1_050, prices: rucksack },
      { sku: 'QB-ROLL-NVY', choices: { Colour: 'Navy' }, stock: 16, weightGrams: 1_050, prices: rucksack },
      { sku: 'QB-ROLL-MUS', choices: { Colour: 'Mustard' }, stock: 4, weightGrams: 1_050, prices: rucksack },
    ],
  },
  {
    handle: 'market-tote',
    title: 'Market Tote',
    descriptionHtml:
      '<p>Heavy recycled cotton with handles long enough for a shoulder in a winter coat. A flat base keeps the eggs upright.</p>',
    vendor: 'Quayside Bags',
    productType: 'Totes',
    tags: ['recycled', 'everyday'],
    alt: 'A cream tote full of leeks and flowers',
    variants: [
      {
        sku: 'QB-TOTE-CRM',
        choices: { Colour: 'Cream' },
        stock: 120,
        weightGrams: 320,
        prices: prices(2490, 2690, 2190),
      },
      {
        sku: 'QB-TOTE-BLK',
        choices: { Colour: 'Black' },
        stock: 98,
        weightGrams: 320,
        prices: prices(2490, 2690, 2190),
      },
    ],
  },
  {
    handle: 'canvas-wash-bag',
    title: 'Canvas Wash Bag',
    descriptionHtml:
      '<p>Opens wide like a doctor’s case and stands by itself on a narrow basin. The lining wipes clean, which it will need to.</p>',
    vendor: 'Quayside Bags',
    productType: 'Travel Accessories',
    tags: ['travel', 'waxed canvas'],
    alt: 'An open wash bag with a brush and a comb',
    variants: [{ sku: 'QB-WASH-OLV', choices: {}, stock: 38, weightGrams: 240, prices: prices(3290, 3590, 2790) }],
  },
  {
    handle: 'bridle-leather-card-holder',
    title: 'Bridle Leather Card Holder',
    descriptionHtml:
      '<p>Four cards, some folded notes, one piece of leather. Cut and edged by hand; it starts stiff and ends like an old friend.</p>',
    vendor: 'Girth & Buckle',
    productType: 'Wallets',
    tags: ['leather', 'handmade', 'gift'],
    alt: 'A brown card holder beside a set of keys',
    variants: [
      { sku: 'GB-CARD-TAN', choices: { Colour: 'Tan' }, stock: 45, weightGrams: 45, prices: prices(3900, 4200, 3400) },
      {
        sku: 'GB-CARD-BLK',
        choices: { Colour: 'Black' },
        stock: 51,
        weightGrams: 45,
        prices: prices(3900, 4200, 3400),
      },
    ],
  },
  {
    handle: 'enamel-flask',
    title: 'Enamel Flask',
    descriptionHtml:
      '<p>Steel inside, enamel outside, a cork-lined cap between. Keeps tea hot for a morning and soup warm until lunch. Half a litre.</p>',
    vendor: 'Hammerfell Foundry',
    productType: 'Flasks',
    tags: ['travel', 'steel'],
    alt: 'A white flask with a blue rim on a rock',
    variants: [
      {
        sku: 'HF-FLASK-WHT',
        choices: { Colour: 'White' },
        stock: 57,
        weightGrams: 390,
        prices: prices(2990, 3290, 2590),
      },
      {
        sku: 'HF-FLASK-GRN',
        choices: { Colour: 'Green' },
        stock: 0,
        weightGrams: 390,
        prices: prices(2990, 3290, 2590),
      },
    ],
  },
]
