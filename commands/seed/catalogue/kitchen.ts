import { prices, type SeedProduct } from '../product.ts'

const bowl = prices(1490, 1590, 1290)
const knife = prices(5900, 6500, 4990)

export const kitchen: readonly SeedProduct[] = [
  {
    handle: 'stoneware-breakfast-bowl',
    title: 'Stoneware Breakfast Bowl',
    descriptionHtml:
      '<p>Thrown by hand and glazed twice, so every rim catches the light a little differently. Deep enough for porridge, wide enough for soup.</p><p>Safe in dishwasher, microwave and oven up to 220 °C.</p>',
    vendor: 'Kiln Lane',
    productType: 'Bowls',
    tags: ['handmade', 'ceramics', 'breakfast'],
    alt: 'A sea-green bowl with oats and blueberries on a linen cloth',
    variants: [
      { sku: 'KL-BOWL-SEA', choices: { Colour: 'Sea' }, stock: 42, weightGrams: 480, prices: bowl },
      { sku: 'KL-BOWL-SAND', choices: { Colour: 'Sand' }, stock: 35, weightGrams: 480, prices: bowl },
      { sku: 'KL-BOWL-INK', choices: { Colour: 'Ink' }, stock: 0, weightGrams: 480, prices: bowl },
    ],
  },
  {
    handle: 'cast-iron-skillet',
    title: 'Cast Iron Skillet',
    descriptionHtml:
      '<p>A heavy pan that gets better every year. It comes seasoned with linseed oil, ready for the first egg, and works on every stove including induction and an open fire.</p>',
    vendor: 'Hammerfell Foundry',
    productType: 'Pans',
    tags: ['cast iron', 'induction', 'lifetime'],
    alt: 'A black iron pan with two fried eggs',
    variants: [
      {
        sku: 'HF-SKIL-20',
        choices: { Diameter: '20 cm' },
        stock: 18,
        weightGrams: 1_600,
        prices: prices(3490, 3790, 2990),
      },
      {
        sku: 'HF-SKIL-26',
        choices: { Diameter: '26 cm' },
        stock: 24,
        weightGrams: 2_500,
        prices: prices(4490, 4890, 3890),
      },
      {
        sku: 'HF-SKIL-30',
        choices: { Diameter: '30 cm' },
        stock: 9,
        weightGrams: 3_300,
        prices: prices(5490, 5990, 4690),
      },
    ],
  },
  {
    handle: 'paring-knife-olive-wood',
    title: 'Paring Knife with Olive Wood Handle',
    descriptionHtml:
      '<p>Nine centimetres of carbon steel for apples, garlic and string. The blade takes a patina; the handle is cut from prunings of old olive trees.</p><p>Wipe dry after use.</p>',
    vendor: 'Lame & Fils',
    productType: 'Knives',
    tags: ['carbon steel', 'olive wood'],
    alt: 'A small knife beside a half-peeled apple',
    variants: [
      {
        sku: 'LF-PARE-OLV',
        choices: {},
        stock: 30,
        weightGrams: 95,
        prices: knife,
        compareAt: prices(7200, 7900, 5990),
      },
    ],
  },
  {
    handle: 'linen-tea-towel',
    title: 'Linen Tea Towel',
    descriptionHtml:
      '<p>Dense, thirsty linen with a hanging loop. It leaves glasses clear and is soft from the first wash. Cheaper by the half dozen.</p>',
    vendor: 'Flaxwell',
    productType: 'Kitchen Linen',
    tags: ['linen', 'everyday'],
    alt: 'Three folded towels with a narrow stripe',
    variants: [
      {
        sku: 'FW-TOWEL-NAT',
        choices: { Stripe: 'Natural' },
        stock: 160,
        weightGrams: 120,
        prices: prices(1200, 1290, 990),
        tiers: [
          { minQuantity: 3, prices: prices(1080, 1160, 890) },
          { minQuantity: 6, prices: prices(950, 1020, 790) },
        ],
      },
      {
        sku: 'FW-TOWEL-BLU',
        choices: { Stripe: 'Blue' },
        stock: 140,
        weightGrams: 120,
        prices: prices(1200, 1290, 990),
        tiers: [
          { minQuantity: 3, prices: prices(1080, 1160, 890) },
          { minQuantity: 6, prices: prices(950, 1020, 790) },
        ],
      },
    ],
  },
  {
    handle: 'pour-over-coffee-stand',
    title: 'Pour-Over Coffee Stand',
    descriptionHtml:
      '<p>A walnut base, a brass ring and nothing that can break. Holds any cone dripper at the right height for a mug or a small jug.</p>',
    vendor: 'Slow Mornings',
    productType: 'Coffee',
    tags: ['coffee', 'walnut', 'brass'],
    alt: 'Coffee dripping from a paper filter into a glass mug',
    variants: [{ sku: 'SM-STAND-01', choices: {}, stock: 14, weightGrams: 820, prices: prices(4900, 5400, 4200) }],
  },
]
