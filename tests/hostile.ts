/** Documents that cost more to read, plan or run than to send. `salt` makes each another text, so that no memory of an earlier one helps. */

const many = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ')

const deep = (depth: number): string => `${'{ product '.repeat(depth)}{ id }${' }'.repeat(depth)}`

export interface Hostile {
  readonly name: string
  readonly query: (salt: string) => string
  readonly variables?: Record<string, unknown>
  /** The code with which it is refused, and the limit where there is one. */
  readonly code: 'DOCUMENT_TOO_COMPLEX' | 'GRAPHQL_VALIDATION_FAILED'
  readonly limit?: string
}

const tooComplex = (
  limit: string,
  name: string,
  query: Hostile['query'],
  variables?: Hostile['variables'],
): Hostile => ({
  name,
  query,
  variables,
  code: 'DOCUMENT_TOO_COMPLEX',
  limit,
})

export const hostileDocuments: readonly Hostile[] = [
  tooComplex(
    'selections',
    'fragments that double thirty times',
    (salt) =>
      `query ${salt} { viewer { ...F0 } } ${many(30, (n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on Viewer { id }`,
  ),
  tooComplex('tokens', '1,000 aliases', (salt) => `query ${salt} { ${many(1_000, (n) => `a${n}: viewer { id }`)} }`),
  tooComplex('aliases', '300 aliases', (salt) => `query ${salt} { viewer { ${many(300, (n) => `a${n}: id`)} } }`),
  tooComplex(
    'repeatedFields',
    '800 times the same field',
    (salt) => `query ${salt} { viewer { ${'id '.repeat(800)} } }`,
  ),
  tooComplex(
    'repeatedFields',
    '230 times the same object',
    (salt) => `query ${salt} { product(id: "x") { ${'seller { id } '.repeat(230)} } }`,
  ),
  tooComplex('depth', '400 fields deep', (salt) => `query ${salt} { cart ${deep(400)} }`),
  tooComplex(
    'directives',
    '600 directives',
    (salt) => `query ${salt} { ${many(8, (n) => `f${n} ${'@d '.repeat(70)}`)} }`,
  ),
  tooComplex('tokens', '5,000 operations', (salt) => `query ${salt}{a} ${'{a} '.repeat(4_999)}`),
  tooComplex('operations', '150 operations', (salt) => many(150, (n) => `query ${salt}${n} { viewer { id } }`)),
  tooComplex(
    'fragments',
    '180 fragments',
    (salt) => `query ${salt} { viewer { id } } ${many(180, (n) => `fragment F${n} on Viewer { id }`)}`,
  ),
  tooComplex('rootFields', '100 fields at the top', (salt) => `query ${salt} { ${many(100, (n) => `f${n}`)} }`),
  tooComplex(
    'inputList',
    'a list of 1,000 in an argument',
    (salt) => `query ${salt} { a(ids: [${'1 '.repeat(1_000)}]) }`,
  ),
  tooComplex('inputList', 'a list of 10,000 in a variable', (salt) => `query ${salt} { viewer { id } }`, {
    ids: Array.from({ length: 10_000 }, () => 1),
  }),
  tooComplex(
    'inputDepth',
    '2,000 lists inside each other in a variable',
    (salt) => `query ${salt} { viewer { id } }`,
    JSON.parse(`{ "x": ${'['.repeat(2_000)}${']'.repeat(2_000)} }`),
  ),
  tooComplex(
    'cost',
    'pages of everything',
    (salt) =>
      `query ${salt} { products(first: 100) { nodes { variants { price { amount { amount } } product { variants { id } } } } } }`,
  ),
  {
    name: '700 unknown fields',
    query: (salt) => `query ${salt} { viewer { ${many(700, (n) => `${salt}${n}`)} } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: '250 unknown variables',
    query: (salt) => `query ${salt}(${many(250, (n) => `$${salt}${n}: Int`)}) { viewer { id } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'fragments in a circle',
    query: (salt) =>
      `query ${salt} { viewer { ...A } } ${many(40, (n) => `fragment F${n} on Viewer { ...F${(n + 1) % 40} ...A }`)} fragment A on Viewer { ...F0 }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
]
