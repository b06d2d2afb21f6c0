import { prices, type SeedProduct } from '../product.ts'

const notebook = prices(1690, 1850, 1490)

export const stationery: readonly SeedProduct[] = [
  {
    handle: 'field-notebook-a5',
    title: 'Field Notebook A5',
    descriptionHtml:
      '<p>160 pages of ivory paper that takes fountain pens without a shadow on the back. Thread-sewn, so it lies flat on a knee, a rock or a café table.</p>',
    vendor: 'Marginalia',
    productType: 'Notebooks',
    tags: ['paper', 'fountain pen friendly'],
    alt: 'An open notebook with a pencil drawing of a harbour',
    variants: [
      {
        sku: 'MG-NOTE-PLN-MOSS',
        choices: { Ruling: 'Plain', Cover: 'Moss' },
        stock: 48,
        weightGrams: 290,
        prices: notebook,
      },
      {
        sku: 'MG-NOTE-PLN-RUST',
        choices: { Ruling: 'Plain', Cover: 'Rust' },
        stock: 37,
        weightGrams: 290,
        prices: notebook,
      },
      {
        sku: 'MG-NOTE-DOT-MOSS',
        choices: { Ruling: 'Dotted', Cover: 'Moss' },
        stock: 61,
        weightGrams: 290,
        prices: notebook,
      },
      {
        sku: 'MG-NOTE-DOT-RUST',
        choices: { Ruling: 'Dotted', Cover: 'Rust' },
        stock: 52,
        weightGrams: 290,
        prices: notebook,
      },
    ],
  },
  {
    handle: 'brass-pocket-pen',
    title: 'Brass Pocket Pen',
    descriptionHtml:
      '<p>Short when closed, full length when posted, and heavy enough to be missed when it is not in the pocket. Takes standard ink cartridges.</p>',
    vendor: 'Ferrule',
    productType: 'Pens',
    tags: ['brass', 'fountain pen'],
    alt: 'A small brass fountain pen on a grey cloth',
    variants: [
      { sku: 'FR-POCKET-F', choices: { Nib: 'Fine' }, stock: 16, weightGrams: 38, prices: prices(6200, 6800, 5400) },
      { sku: 'FR-POCKET-M', choices: { Nib: 'Medium' }, stock: 21, weightGrams: 38, prices: prices(6200, 6800, 5400) },
    ],
  },
  {
    handle: 'walnut-ink',
    title: 'Walnut Ink',
    descriptionHtml:
      '<p>A warm brown that shades from honey to bark within one stroke. Thirty millilitres in a bottle with a wide neck; washable from fingers, less so from shirts.</p>',
    vendor: 'Ferrule',
    productType: 'Ink',
    tags: ['ink', 'fountain pen'],
    alt: 'A glass bottle of brown ink beside a swatch card',
    variants: [{ sku: 'FR-INK-WAL', choices: {}, stock: 44, weightGrams: 130, prices: prices(1290, 1390, 1090) }],
  },
  {
    handle: 'letterpress-thank-you-cards',
    title: 'Letterpress Thank-You Cards',
    descriptionHtml:
      '<p>Eight cards and envelopes, printed on a press from 1958 that bites properly into the cotton paper. Blank inside.</p>',
    vendor: 'Marginalia',
    productType: 'Cards',
    tags: ['cards', 'letterpress', 'gift'],
    alt: 'A fan of cream cards with pressed green lettering',
    variants: [{ sku: 'MG-THANKS-8', choices: {}, stock: 58, weightGrams: 160, prices: prices(1450, 1590, 1250) }],
  },
  {
    handle: 'wall-calendar-tides-and-moons',
    title: 'Wall Calendar “Tides and Moons”',
    descriptionHtml:
      '<p>Twelve sheets, one tide table each, and the moon drawn for every night. Perforated, so that the best months can stay on the wall.</p>',
    vendor: 'Chart Room',
    productType: 'Calendars',
    tags: ['paper', 'sea'],
    alt: 'A calendar sheet with a row of moons above a tide curve',
    variants: [{ sku: 'CR-TIDES-CAL', choices: {}, stock: 0, weightGrams: 420, prices: prices(2200, 2400, 1900) }],
  },
]
