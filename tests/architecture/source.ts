import { posix } from 'node:path'

/** How a file refers to another: `type` is erased before it runs, `dynamic` happens when the line runs. */
export type ImportKind = 'value' | 'type' | 'dynamic'

export interface Import {
  readonly specifier: string
  readonly kind: ImportKind
  /** `export ... from`: hands on what another file has. */
  readonly isExport: boolean
  /** Path in this repository, or the package's name (`node:fs` for a built-in module). */
  readonly target: string
  readonly isPackage: boolean
}

/** A TypeScript file as the rules see it. */
export interface Source {
  readonly path: string
  readonly imports: readonly Import[]
  readonly comments: readonly string[]
  /** The text with comments and the contents of strings taken out. */
  readonly code: string
}

export type Sources = ReadonlyMap<string, Source>

/** What the house calls `#kernel` and `#platform` (package.json, `imports`). */
const roots = { '#kernel/': 'platform/kernel/', '#platform/': 'platform/' } as const

const packageName = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')

const resolve = (from: string, specifier: string): Pick<Import, 'target' | 'isPackage'> => {
  if (specifier.startsWith('.')) return { target: posix.join(posix.dirname(from), specifier), isPackage: false }
  for (const [prefix, folder] of Object.entries(roots)) {
    if (specifier.startsWith(prefix)) return { target: folder + specifier.slice(prefix.length), isPackage: false }
  }
  return { target: packageName(specifier), isPackage: true }
}

/**
 * One pass over everything that can hide an import or pretend to be one: comments, templates and strings are taken as wholes, so
 * a specifier inside them is not found. Statements start a line, as the formatter writes them.
 */
const token = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /^(?<statement>import|export)\s+(?<type>type\s+(?!from\b|,))?(?:(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)?\s*from\s+)?(?<quote>['"])(?<from>[^'"\n]+)\k<quote>/,
    /\bimport\(\s*(?<dynamicQuote>['"])(?<dynamic>[^'"\n]+)\k<dynamicQuote>/,
    /(?<text>`(?:\\[\s\S]|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/,
  ]
    .map((part) => part.source)
    .join('|'),
  'gm',
)

const toImport = (path: string, groups: Record<string, string | undefined>): Import | null => {
  const specifier = groups.from ?? groups.dynamic
  if (!specifier) return null
  const kind = groups.dynamic ? 'dynamic' : groups.type ? 'type' : 'value'
  return { specifier, kind, isExport: groups.statement === 'export', ...resolve(path, specifier) }
}

/** What a template inserts is code, unlike the text around it. */
const inserts = (text: string): string =>
  text.startsWith('`') ? ` ${[...text.matchAll(/(?<!\\)\$\{([^}]*)\}/g)].map((found) => found[1]).join(' ')} ` : ' '

/**
 * Reads imports and comments out of TypeScript. `import { type X }` counts as a value import: under `verbatimModuleSyntax` the
 * module is still loaded.
 */
export const readSource = (path: string, text: string): Source => {
  const imports: Import[] = []
  const comments: string[] = []
  const code = text.replace(token, (match, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    const found = toImport(path, groups)
    if (found) imports.push(found)
    if (groups.comment) comments.push(match)
    return groups.comment || groups.text ? inserts(match) : match
  })
  return { path, imports, comments, code }
}
