import { location, unsupported } from '../errors.ts'

/** The options of one group: PCRE lets `(?i)` and the like change them up to the end of their group. */
type Flags = { readonly i: boolean; readonly m: boolean; readonly s: boolean; readonly x: boolean }

type Group = { flags: Flags; readonly outer: Flags; wrapped: boolean }

type State = { readonly pattern: string; at: number; out: string; readonly groups: Group[] }

const horizontal = '\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'
const vertical = '\\n\\u000b\\f\\r\\u0085\\u2028\\u2029'
const space = '\\t\\n\\u000b\\f\\r '
/** JavaScript takes these for white space, PCRE without its Unicode properties does not. */
const onlyUnicodeSpaces = '\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff'

const posix: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space,
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`\\{-~',
  cntrl: '\\u0000-\\u001f\\u007f',
  graph: '!-~',
  print: ' -~',
  xdigit: '0-9a-fA-F',
  word: '\\w',
  ascii: '\\u0000-\\u007f',
}

/** Escapes that stand for sets of characters, as they are written inside brackets. */
const sets: Readonly<Record<string, string>> = {
  d: '\\d',
  D: '\\D',
  w: '\\w',
  W: '\\W',
  s: space,
  S: `\\S${onlyUnicodeSpaces}`,
  h: horizontal,
  v: vertical,
}

const negatedSets: Readonly<Record<string, string>> = { H: horizontal, V: vertical }

const anchors: Readonly<Record<string, string>> = { A: '^', Z: '(?=\\n?$)', z: '$', b: '\\b', B: '\\B', N: '[^\\n]' }

const controls: Readonly<Record<string, string>> = {
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  a: '\\u0007',
  e: '\\u001b',
}

const invalid = (pattern: string, why: string): Error =>
  location(51091, `Regular expression is invalid: ${why} in '${pattern}'`)

const refused = (what: string): Error => unsupported(`the regular expression syntax ${what}`)

const literal = (character: string): string => (/[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character)

const literalInClass = (character: string): string => (/[\\\]^[-]/.test(character) ? `\\${character}` : character)

const top = (state: State): Group => {
  const group = state.groups.at(-1)
  if (group === undefined) throw invalid(state.pattern, 'unmatched closing parenthesis')
  return group
}

/** The match of `expected` right here, which is then behind us. */
const take = (state: State, expected: RegExp): RegExpExecArray | undefined => {
  expected.lastIndex = state.at
  const match = expected.exec(state.pattern)
  if (match === null) return undefined
  state.at += match[0].length
  return match
}

const property = (match: RegExpExecArray): string => {
  const [, letter = '', one, more = ''] = match
  const negated = (letter === 'P') !== more.startsWith('^')
  const name = one ?? more.replace('^', '')
  const known = /^(L&|[CLMNPSZ][a-z]?)$/.test(name) ? name.replace('L&', 'LC') : `Script=${name}`
  return `\\${negated ? 'P' : 'p'}{${known}}`
}

const codePoint = (hex: string): string => `\\u{${hex === '' ? '0' : hex}}`

/** What an escape means in and out of brackets alike; undefined for the rest. */
const commonEscape = (state: State): string | undefined => {
  const named = take(state, /([pP])(?:([A-Z])|\{(\^?[A-Za-z_&]+)\})/y)
  if (named !== undefined) return property(named)
  const hex = take(state, /x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))/y)
  if (hex !== undefined) return codePoint(hex[1] ?? hex[2] ?? '')
  const control = take(state, /c([A-Za-z])/y)
  if (control !== undefined) return `\\c${control[1]}`
  const octal = take(state, /0([0-7]{0,2})/y)
  if (octal !== undefined) return codePoint(Number.parseInt(octal[1] || '0', 8).toString(16))
  const simple = state.pattern[state.at] ?? ''
  if (controls[simple] === undefined) return undefined
  state.at++
  return controls[simple]
}

const quoted = (state: State, asLiteral: (character: string) => string): string => {
  const end = state.pattern.indexOf('\\E', state.at)
  const text = state.pattern.slice(state.at, end < 0 ? undefined : end)
  state.at += text.length + (end < 0 ? 0 : 2)
  return [...text].map(asLiteral).join('')
}

const nextCharacter = (state: State): string => {
  const character = String.fromCodePoint(state.pattern.codePointAt(state.at) ?? 0)
  state.at += character.length
  return character
}

const escapeOutside = (state: State): string => {
  if (state.at >= state.pattern.length) throw invalid(state.pattern, '\\ at end of pattern')
  const common = commonEscape(state)
  if (common !== undefined) return common
  const reference = take(state, /([1-9])(?!\d)|k(?:\{(\w+)\}|<(\w+)>|'(\w+)')/y)
  if (reference !== undefined) {
    const name = reference[2] ?? reference[3] ?? reference[4]
    return name === undefined ? `(?:\\${reference[1]})` : `\\k<${name}>`
  }
  const character = nextCharacter(state)
  if (character === 'Q') return quoted(state, literal)
  if (character === 'E') return ''
  if (character === 'S' || character === 's') return character === 's' ? `[${space}]` : `[^${space}]`
  if (anchors[character] !== undefined) return anchors[character]
  if (sets[character] !== undefined) return `[${sets[character]}]`
  if (negatedSets[character] !== undefined) return `[^${negatedSets[character]}]`
  if (/[A-Za-z0-9]/.test(character)) throw refused(`\\${character}`)
  return literal(character)
}

const escapeInside = (state: State): string => {
  const common = commonEscape(state)
  if (common !== undefined) return common
  const character = nextCharacter(state)
  if (character === 'Q') return quoted(state, literalInClass)
  if (character === 'E') return ''
  if (character === 'b') return '\\b'
  if (sets[character] !== undefined) return sets[character]
  if (/[A-Za-z0-9]/.test(character)) throw refused(`\\${character} in brackets`)
  return literalInClass(character)
}

/** A class in brackets, from behind its `[` on. A `]` in front is a member, as in PCRE. */
const brackets = (state: State): string => {
  let out = take(state, /\^/y) === undefined ? '[' : '[^'
  if (take(state, /\]/y) !== undefined) out += '\\]'
  for (;;) {
    if (state.at >= state.pattern.length) throw invalid(state.pattern, 'missing terminating ]')
    const named = take(state, /\[:(\^?)([a-z]+):\]/y)
    if (named !== undefined) {
      const members = named[1] === '' ? posix[named[2] ?? ''] : undefined
      if (members === undefined) throw refused(named[0])
      out += members
      continue
    }
    const character = nextCharacter(state)
    if (character === ']') return `${out}]`
    if (character === '\\') out += escapeInside(state)
    else out += character === '[' ? '\\[' : character
  }
}

const withOptions = (flags: Flags, match: RegExpExecArray): Flags => {
  const [, on = '', off = ''] = match
  if (/[^imsx]/.test(on + off)) throw refused(`(?${on}${off === '' ? '' : `-${off}`})`)
  const of = (name: keyof Flags): boolean => (on.includes(name) || flags[name]) && !off.includes(name)
  return { i: of('i'), m: of('m'), s: of('s'), x: of('x') }
}

const wrapper = (flags: Flags, outer: Flags): string => (flags.i === outer.i ? '(?:' : flags.i ? '(?i:' : '(?-i:')

const open = (state: State, text: string, flags: Flags = top(state).flags): void => {
  state.groups.push({ flags, outer: flags, wrapped: false })
  state.out += text
}

const group = (state: State): void => {
  if (take(state, /\?#[^)]*\)/y) !== undefined) return
  const { flags } = top(state)
  const options = take(state, /\?([a-z]*)(?:-([a-z]*))?([:)])/y)
  if (options !== undefined) {
    const changed = withOptions(flags, options)
    if (options[3] === ':') open(state, wrapper(changed, flags), changed)
    else change(state, changed)
    return
  }
  const name = take(state, /\?(?:P?<(\w+)>|'(\w+)')/y)
  if (name !== undefined) {
    open(state, `(?<${name[1] ?? name[2]}>`)
    return
  }
  const reference = take(state, /\?P=(\w+)\)/y)
  if (reference !== undefined) {
    state.out += `\\k<${reference[1]}>`
    return
  }
  const look = take(state, /\?<?[=!]/y)
  if (look === undefined && (state.pattern[state.at] === '?' || state.pattern[state.at] === '*'))
    throw refused(`(${state.pattern.slice(state.at, state.at + 2)}`)
  open(state, `(${look?.[0] ?? ''}`)
}

/** `(?i)`: the rest of the group, also its further branches, is wrapped. */
const change = (state: State, flags: Flags): void => {
  const current = top(state)
  if (current.wrapped) state.out += ')'
  current.flags = flags
  current.wrapped = flags.i !== current.outer.i
  if (current.wrapped) state.out += wrapper(flags, current.outer)
}

const close = (state: State): void => {
  const { wrapped } = top(state)
  state.groups.pop()
  if (state.groups.length === 0) throw invalid(state.pattern, 'unmatched closing parenthesis')
  state.out += wrapped ? '))' : ')'
}

const branch = (state: State): void => {
  const { wrapped, flags, outer } = top(state)
  state.out += wrapped ? `)|${wrapper(flags, outer)}` : '|'
}

const dollar = (multiline: boolean): string => (multiline ? '(?=\\n|$)' : '(?=\\n?$)')

const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})([?+]?)/y

const token = (state: State): void => {
  const { flags } = top(state)
  if (flags.x && take(state, /\s+|#[^\n]*/y) !== undefined) return
  const repeat = take(state, quantifier)
  if (repeat !== undefined) {
    if (repeat[1] === '+') throw refused(`${repeat[0]} (possessive)`)
    state.out += repeat[0]
    return
  }
  const character = nextCharacter(state)
  if (character === '\\') state.out += escapeOutside(state)
  else if (character === '[') state.out += brackets(state)
  else if (character === '(') group(state)
  else if (character === ')') close(state)
  else if (character === '|') branch(state)
  else if (character === '.') state.out += flags.s ? '[^]' : '[^\\n]'
  else if (character === '^') state.out += flags.m ? '(?:^|(?<=\\n)(?!$))' : '^'
  else if (character === '$') state.out += dollar(flags.m)
  else state.out += literal(character)
}

/**
 * A PCRE pattern as a JavaScript one that matches the same strings, to be compiled with the flags answered. PCRE's own
 * `.`, `$`, `^`, `\s` and extended syntax are written out; what has no equivalent is refused with code 238.
 */
export const translatePattern = (pattern: string, options: string): { source: string; flags: string } => {
  const has = (option: string): boolean => options.includes(option)
  const flags: Flags = { i: has('i'), m: has('m'), s: has('s'), x: has('x') }
  // Every string is UTF-8 here: to ask for it changes nothing.
  const asked = /^\(\*UTF8?\)/.exec(pattern)?.[0] ?? ''
  const state: State = { pattern, at: asked.length, out: '', groups: [] }
  state.groups.push({ flags, outer: flags, wrapped: false })
  while (state.at < pattern.length) token(state)
  const last = top(state)
  if (state.groups.length !== 1) throw invalid(pattern, 'missing closing parenthesis')
  return { source: last.wrapped ? `${state.out})` : state.out, flags: flags.i ? 'iu' : 'u' }
}
