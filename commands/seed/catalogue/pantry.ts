import { prices, type SeedProduct } from '../product.ts'

const tea = prices(1150, 1250, 980)
const honey = prices(890, 990, 790)

export const pantry: readonly SeedProduct[] = [
  {
    handle: 'smoked-black-tea',
    title: 'Smoked Black Tea',
    descriptionHtml:
      '<p>Large leaves dried slowly over pine embers: campfire in the nose, honey at the end. Brew for three minutes, twice.</p>',
    vendor: 'Leaf & Ledger',
    productType: 'Tea',
    tags: ['tea', 'loose leaf'],
    alt: 'Dark twisted tea leaves in a tin',
    variants: [
      { sku: 'LL-SMOKE-100', choices: { Weight: '100 g' }, stock: 75, weightGrams: 140, prices: tea },
      {
        sku: 'LL-SMOKE-250',
        choices: { Weight: '250 g' },
        stock: 40,
        weightGrams: 310,
        prices: prices(2450, 2650, 2090),
      },
    ],
  },
  {
    handle: 'mountain-herb-infusion',
    title: 'Mountain Herb Infusion',
    descriptionHtml:
      '<p>Lemon balm, thyme, mallow and cornflower, cut by hand above the tree line and free of caffeine. The evening cup of a whole valley.</p>',
    vendor: 'Leaf & Ledger',
    productType: 'Tea',
    tags: ['tea', 'herbal', 'caffeine free'],
    alt: 'A glass pot of pale green tea with blue petals',
    variants: [{ sku: 'LL-HERB-60', choices: {}, stock: 66, weightGrams: 95, prices: prices(950, 1050, 820) }],
  },
  {
    handle: 'heather-honey',
    title: 'Heather Honey',
    descriptionHtml:
      '<p>Harvested in the last warm week of August, when the moor is purple to the horizon. So thick that it keeps the print of the spoon.</p>',
    vendor: 'Moorland Apiary',
    productType: 'Honey',
    tags: ['honey', 'raw'],
    alt: 'A jar of amber honey with a wooden dipper',
    variants: [
      { sku: 'MA-HEATH-250', choices: { Jar: '250 g' }, stock: 90, weightGrams: 430, prices: honey },
      { sku: 'MA-HEATH-500', choices: { Jar: '500 g' }, stock: 55, weightGrams: 760, prices: prices(1590, 1750, 1390) },
    ],
  },
  {
    handle: 'sea-salt-flakes',
    title: 'Sea Salt Flakes',
    descriptionHtml:
      '<p>Flat, brittle pyramids that crackle under the teeth, raked from shallow pans and dried by wind. For the last moment before the plate leaves the kitchen.</p>',
    vendor: 'Saltern Nine',
    productType: 'Salt & Spice',
    tags: ['salt', 'seasoning'],
    alt: 'White salt flakes in a small wooden bowl',
    variants: [
      {
        sku: 'S9-FLAKE-200',
        choices: {},
        stock: 210,
        weightGrams: 240,
        prices: prices(650, 720, 560),
        tiers: [{ minQuantity: 4, prices: prices(580, 640, 500) }],
      },
    ],
  },
  {
    handle: 'dark-chocolate-with-rye',
    title: 'Dark Chocolate with Toasted Rye',
    descriptionHtml:
      '<p>Seventy per cent cocoa from a single growers’ cooperative, with crumbs of rye bread roasted in butter. Tastes of crust and cherries.</p><p>Contains gluten and milk.</p>',
    vendor: 'Third Bell',
    productType: 'Chocolate',
    tags: ['chocolate', 'gift'],
    alt: 'A broken bar of dark chocolate on brown paper',
    variants: [{ sku: 'TB-RYE-70', choices: {}, stock: 120, weightGrams: 85, prices: prices(590, 650, 490) }],
  },
]
