import { prices, type SeedProduct } from '../product.ts'

const seeds = prices(390, 450, 340)

export const garden: readonly SeedProduct[] = [
  {
    handle: 'copper-hand-trowel',
    title: 'Copper Hand Trowel',
    descriptionHtml:
      '<p>Bronze slides through clay where steel sticks, never rusts, and is said to keep slugs thoughtful. Ash handle, turned to fit a gloved hand.</p>',
    vendor: 'Loam & Co.',
    productType: 'Garden Tools',
    tags: ['tools', 'bronze'],
    alt: 'A bronze trowel standing in dark soil',
    variants: [{ sku: 'LC-TROWEL-CU', choices: {}, stock: 22, weightGrams: 340, prices: prices(4690, 5100, 3990) }],
  },
  {
    handle: 'long-reach-watering-can',
    title: 'Long-Reach Watering Can',
    descriptionHtml:
      '<p>Galvanised steel with a thin spout that reaches the back row, and a brass rose fine enough for seedlings. Balanced when full and when empty.</p>',
    vendor: 'Loam & Co.',
    productType: 'Watering',
    tags: ['watering', 'steel'],
    alt: 'A grey watering can with a long spout among ferns',
    variants: [
      { sku: 'LC-CAN-2', choices: { Volume: '2 l' }, stock: 26, weightGrams: 900, prices: prices(3290, 3590, 2790) },
      { sku: 'LC-CAN-5', choices: { Volume: '5 l' }, stock: 15, weightGrams: 1_650, prices: prices(4490, 4900, 3890) },
    ],
  },
  {
    handle: 'meadow-seed-mix',
    title: 'Meadow Seed Mix',
    descriptionHtml:
      '<p>Thirty-one native species for a square of ground that hums from May to September. Sow thinly, mow once, and be patient in the first year.</p>',
    vendor: 'Hedgerow Seed Library',
    productType: 'Seeds',
    tags: ['seeds', 'bees', 'native'],
    alt: 'A hand scattering seeds over raked soil',
    variants: [
      {
        sku: 'HS-MEADOW-10',
        choices: { Area: '10 m²' },
        stock: 300,
        weightGrams: 30,
        prices: prices(890, 990, 750),
        tiers: [
          { minQuantity: 5, prices: prices(790, 880, 670) },
          { minQuantity: 20, prices: prices(690, 770, 590) },
        ],
      },
      {
        sku: 'HS-MEADOW-50',
        choices: { Area: '50 m²' },
        stock: 80,
        weightGrams: 130,
        prices: prices(3290, 3590, 2790),
      },
    ],
  },
  {
    handle: 'heirloom-tomato-seeds',
    title: 'Heirloom Tomato Seeds',
    descriptionHtml:
      '<p>Old open-pollinated varieties whose seed you can save for next year. Twenty seeds each, tested for germination this winter.</p>',
    vendor: 'Hedgerow Seed Library',
    productType: 'Seeds',
    tags: ['seeds', 'vegetables'],
    alt: 'Striped, pink and yellow tomatoes in a crate',
    variants: [
      { sku: 'HS-TOM-ZEB', choices: { Variety: 'Green Zebra' }, stock: 130, weightGrams: 8, prices: seeds },
      { sku: 'HS-TOM-OXH', choices: { Variety: 'Oxheart' }, stock: 110, weightGrams: 8, prices: seeds },
      { sku: 'HS-TOM-GLD', choices: { Variety: 'Golden Queen' }, stock: 95, weightGrams: 8, prices: seeds },
      { sku: 'HS-TOM-BLK', choices: { Variety: 'Black Krim' }, stock: 0, weightGrams: 8, prices: seeds },
      { sku: 'HS-TOM-CHR', choices: { Variety: 'Honey Cherry' }, stock: 140, weightGrams: 8, prices: seeds },
      { sku: 'HS-TOM-SMZ', choices: { Variety: 'San Marzano' }, stock: 120, weightGrams: 8, prices: seeds },
    ],
  },
  {
    handle: 'terracotta-long-tom-pot',
    title: 'Terracotta Long Tom Pot',
    descriptionHtml:
      '<p>Tall and narrow for deep roots: sweet peas, hellebores, young figs. Fired hot enough to stay outside in frost.</p>',
    vendor: 'Kiln Lane',
    productType: 'Pots',
    tags: ['ceramics', 'frost proof'],
    alt: 'Three tall terracotta pots on a stone step',
    variants: [
      { sku: 'KL-LTOM-12', choices: { Height: '12 cm' }, stock: 70, weightGrams: 650, prices: prices(890, 990, 790) },
      {
        sku: 'KL-LTOM-18',
        choices: { Height: '18 cm' },
        stock: 52,
        weightGrams: 1_400,
        prices: prices(1490, 1650, 1290),
      },
      {
        sku: 'KL-LTOM-24',
        choices: { Height: '24 cm' },
        stock: 31,
        weightGrams: 2_600,
        prices: prices(2290, 2490, 1990),
      },
    ],
  },
]
