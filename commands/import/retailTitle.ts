const small: ReadonlySet<string> = new Set(['a', 'and', 'for', 'in', 'of', 'on', 'or', 'the', 'to', 'w', 'with'])
const acronyms: ReadonlySet<string> = new Set(['cd', 'diy', 'dvd', 'led', 'pc', 'tv', 'uk', 'usb'])

const capital = (word: string): string =>
  word.replace(/^([("]*)(\p{Ll})/u, (_, lead, letter) => lead + letter.toUpperCase())

const titleWord = (word: string, index: number): string => {
  const lower = word.toLowerCase()
  if (acronyms.has(lower)) return lower.toUpperCase()
  if (index > 0 && small.has(lower)) return lower
  // Sizes such as 45x45cm or 1.8M are units, not words.
  if (/^\d/.test(word)) return lower
  return lower
    .split(/(?<=[-/+,."])(?=\p{L})/u)
    .map(capital)
    .join('')
}

const hasLowerCase = (text: string): boolean => /[a-z]{3}/.test(text)

/** `WHITE  HANGING HEART T-LIGHT HOLDER ` -> `White Hanging Heart T-Light Holder`; texts already in mixed case keep it. */
export const toTitle = (description: string): string => {
  const words = description
    .replace(/^[*\s]+/, '')
    .replace(/[\s.,]+$/, '')
    .split(/\s+/)
  return hasLowerCase(description) ? words.join(' ') : words.map(titleWord).join(' ')
}

/** Kinds of things, told by words of the title; the first that fits counts. */
const kinds: readonly (readonly [kind: string, words: RegExp])[] = [
  ['Christmas', /christmas|advent|santa|reindeer|snow|nativity|bauble/],
  ['Candles & Lights', /candle|t-light|light|lamp|lantern|incense/],
  ['Bags & Purses', /\bbags?\b|purse|shopper|\bcase\b|satchel|wallet/],
  ['Jewellery', /necklace|neckl|bracelet|earring|\bring\b|brooch|pendant|hair|bangle/],
  [
    'Kitchen & Dining',
    /mug|cup|plate|bowl|tea|coffee|cake|jar|\bpan\b|spoon|tray|bottle|apron|napkin|cutlery|kitchen|baking|jug|lunch|egg/,
  ],
  ['Cards & Stationery', /card|notebook|pencil|\bpen\b|wrap|sticker|stamp|paper|ribbon|tape|tissue|book|journal/],
  ['Toys & Games', /\btoys?\b|game|doll|puzzle|jigsaw|soldier|skipping|spaceboy|playhouse|dominoes|circus|blocks/],
  ['Garden', /garden|plant|flower|seed|herb|watering|bird/],
  [
    'Home Decoration',
    /sign|clock|frame|wreath|garland|decoration|ornament|mirror|hook|hanger|cushion|box|basket|drawer|knob|photo|heart|tin\b|doormat|wall|cabinet|towel|stand/,
  ],
]

/** A rough kind of product for browsing, because the invoices have none. */
export const kindOf = (title: string): string => {
  const text = title.toLowerCase()
  return kinds.find(([, words]) => words.test(text))?.[0] ?? 'Gifts'
}
