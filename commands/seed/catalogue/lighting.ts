import { prices, type SeedProduct } from '../product.ts'

const candles = prices(1490, 1590, 1290)

export const lighting: readonly SeedProduct[] = [
  {
    handle: 'paper-globe-pendant',
    title: 'Paper Globe Pendant',
    descriptionHtml:
      '<p>Mulberry paper stretched over bamboo, folded flat in an envelope and round within a minute. Gives the kind of light in which nobody looks tired.</p>',
    vendor: 'Moth Studio',
    productType: 'Pendants',
    tags: ['paper', 'lamp'],
    alt: 'A glowing paper sphere above a table',
    variants: [
      {
        sku: 'MS-GLOBE-45',
        choices: { Diameter: '45 cm' },
        stock: 33,
        weightGrams: 380,
        prices: prices(3900, 4300, 3400),
      },
      {
        sku: 'MS-GLOBE-60',
        choices: { Diameter: '60 cm' },
        stock: 21,
        weightGrams: 560,
        prices: prices(5900, 6500, 4990),
      },
    ],
  },
  {
    handle: 'beeswax-table-candles',
    title: 'Beeswax Table Candles',
    descriptionHtml:
      '<p>Six dipped candles of pure beeswax. They burn for seven hours each, smell faintly of summer, and do not drip out of the draught.</p>',
    vendor: 'Moorland Apiary',
    productType: 'Candles',
    tags: ['beeswax', 'candles', 'gift'],
    alt: 'Golden tapered candles tied with string',
    variants: [
      {
        sku: 'MA-CANDLE-6',
        choices: {},
        stock: 96,
        weightGrams: 360,
        prices: candles,
        tiers: [{ minQuantity: 4, prices: prices(1290, 1390, 1090) }],
      },
    ],
  },
  {
    handle: 'storm-lantern',
    title: 'Storm Lantern',
    descriptionHtml:
      '<p>Tinned steel, hand-blown chimney, and a wick that is raised from outside, so it stays lit on a jetty in November. Burns lamp oil for twenty hours.</p>',
    vendor: 'Saltern Nine',
    productType: 'Lanterns',
    tags: ['outdoor', 'steel'],
    alt: 'A lit lantern on a wet wooden jetty',
    variants: [
      {
        sku: 'S9-STORM-TIN',
        choices: { Finish: 'Tin' },
        stock: 17,
        weightGrams: 1_100,
        prices: prices(5490, 5990, 4690),
      },
      {
        sku: 'S9-STORM-RED',
        choices: { Finish: 'Signal Red' },
        stock: 10,
        weightGrams: 1_100,
        prices: prices(5790, 6290, 4990),
      },
    ],
  },
  {
    handle: 'clamp-desk-lamp',
    title: 'Clamp Desk Lamp',
    descriptionHtml:
      '<p>One arm, two joints, and a head that stays where you leave it. Warm to neutral white by turning the cap; every part can be ordered singly.</p>',
    vendor: 'Moth Studio',
    productType: 'Desk Lamps',
    tags: ['lamp', 'repairable', 'office'],
    alt: 'A slim black lamp clamped to an oak desk',
    variants: [
      {
        sku: 'MS-CLAMP-BLK',
        choices: { Colour: 'Black' },
        stock: 25,
        weightGrams: 1_350,
        prices: prices(12900, 13900, 10900),
      },
      {
        sku: 'MS-CLAMP-CRM',
        choices: { Colour: 'Cream' },
        stock: 14,
        weightGrams: 1_350,
        prices: prices(12900, 13900, 10900),
      },
    ],
  },
  {
    handle: 'night-light-hedgehog',
    title: 'Night Light “Hedgehog”',
    descriptionHtml:
      '<p>Carved from one piece of maple, thin enough on the back for the light to come through as spines. Dims by a pat on the nose and charges by USB-C.</p>',
    vendor: 'Whittle & Daughter',
    productType: 'Night Lights',
    tags: ['children', 'wood', 'gift'],
    alt: 'A wooden hedgehog glowing on a bedside shelf',
    variants: [{ sku: 'WD-HEDGE-01', choices: {}, stock: 3, weightGrams: 260, prices: prices(4200, 4600, 3600) }],
  },
]
