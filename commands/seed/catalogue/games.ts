import { prices, type SeedProduct } from '../product.ts'

export const games: readonly SeedProduct[] = [
  {
    handle: 'stacking-boats',
    title: 'Stacking Boats',
    descriptionHtml:
      '<p>Five beech hulls that nest, stack, float and race. Coloured with plant stains that survive both bathtub and teeth. From twelve months.</p>',
    vendor: 'Whittle & Daughter',
    productType: 'Wooden Toys',
    tags: ['children', 'wood', 'bath'],
    alt: 'Five small wooden boats in a row',
    variants: [{ sku: 'WD-BOATS-5', choices: {}, stock: 41, weightGrams: 450, prices: prices(3290, 3590, 2790) }],
  },
  {
    handle: 'night-train-puzzle',
    title: 'Jigsaw “Night Train”',
    descriptionHtml:
      '<p>A sleeper crosses a viaduct, and behind each lit window somebody has a secret. Look closely: the picture has one more passenger than the ticket list.</p>',
    vendor: 'Chart Room',
    productType: 'Jigsaws',
    tags: ['puzzle', 'family'],
    alt: 'An illustrated train with yellow windows at night',
    variants: [
      {
        sku: 'CR-TRAIN-500',
        choices: { Pieces: '500' },
        stock: 34,
        weightGrams: 620,
        prices: prices(1990, 2190, 1690),
      },
      {
        sku: 'CR-TRAIN-1000',
        choices: { Pieces: '1,000' },
        stock: 47,
        weightGrams: 880,
        prices: prices(2490, 2690, 2190),
      },
    ],
  },
  {
    handle: 'pocket-nine-mens-morris',
    title: 'Pocket Nine Men’s Morris',
    descriptionHtml:
      '<p>A leather board that closes into a purse for its own stones. The rules are short, the grudges are long. For two players.</p>',
    vendor: 'Girth & Buckle',
    productType: 'Board Games',
    tags: ['game', 'travel', 'leather'],
    alt: 'A round leather board with black and white pebbles',
    variants: [{ sku: 'GB-MORRIS-01', choices: {}, stock: 29, weightGrams: 150, prices: prices(2790, 2990, 2390) }],
  },
  {
    handle: 'shadow-theatre',
    title: 'Shadow Theatre',
    descriptionHtml:
      '<p>A folding stage, a paper screen and fourteen figures on sticks: a fox, a queen, a very long dragon in three parts. Bring your own torch and your own ending.</p>',
    vendor: 'Moth Studio',
    productType: 'Play Sets',
    tags: ['children', 'paper', 'gift'],
    alt: 'The shadow of a dragon on a lit paper screen',
    variants: [{ sku: 'MS-SHADOW-14', choices: {}, stock: 12, weightGrams: 780, prices: prices(3990, 4390, 3490) }],
  },
  {
    handle: 'weather-kite',
    title: 'Weather Kite',
    descriptionHtml:
      '<p>A delta of ripstop nylon that lifts off in a breeze you would not notice otherwise. Comes with fifty metres of line and a tail that tells the wind.</p>',
    vendor: 'Chart Room',
    productType: 'Kites',
    tags: ['outdoor', 'family'],
    alt: 'A red and white kite against clouds',
    variants: [
      { sku: 'CR-KITE-RED', choices: { Colour: 'Red' }, stock: 36, weightGrams: 280, prices: prices(2690, 2890, 2290) },
      { sku: 'CR-KITE-SKY', choices: { Colour: 'Sky' }, stock: 2, weightGrams: 280, prices: prices(2690, 2890, 2290) },
    ],
  },
]
