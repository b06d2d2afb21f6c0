import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { limits } from './limits.ts'
import { makeNaming, type Named } from './naming.ts'
import { idOf, makeTrustedDocuments, nobodysDocuments, type TrustedDocuments } from './trusted.ts'

const text = 'query Mine {\n  viewer {\n    id\n  }\n}'
const id = idOf(text)
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })
const namingWith = (trusted: TrustedDocuments) => {
  const nameOf = makeNaming()
  return (request: Parameters<typeof nameOf>[0]) => nameOf(request, trusted)
}
const codeOf = (named: Named | null) => named?.refused?.extensions.code

describe('automatic persisted queries', () => {
  test('given a text with its hash that turned out good, then the hash alone means it', () => {
    const nameOf = namingWith(nobodysDocuments)
    expect(codeOf(nameOf(persisted(id)))).toBe('PERSISTED_QUERY_NOT_FOUND')
    const named = nameOf({ query: text, ...persisted(id) })
    expect(named?.text).toBe(text)
    named?.remember?.()
    expect(nameOf(persisted(id))?.text).toBe(text)
    expect(nameOf({ extensions: { documentId: `sha256:${id}` } })?.text).toBe(text)
  })

  test('given a text that was refused, then nothing is kept of it', () => {
    const nameOf = namingWith(nobodysDocuments)
    nameOf({ query: text, ...persisted(id) })
    expect(codeOf(nameOf(persisted(id)))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  test('given the hash of another text, then it is refused', () => {
    expect(codeOf(namingWith(nobodysDocuments)({ query: '{ other }', ...persisted(id) }))).toBe('BAD_REQUEST')
  })

  test('given more texts than are kept, then memory stays bounded (R13)', () => {
    const nameOf = namingWith(nobodysDocuments)
    const texts = Array.from({ length: limits.persistedDocuments + 10 }, (_, n) => `query Q${n} { viewer { id } }`)
    for (const each of texts) nameOf({ query: each, ...persisted(idOf(each)) })?.remember?.()
    expect(texts.filter((each) => nameOf(persisted(idOf(each)))?.text)).toHaveLength(limits.persistedDocuments)
  })

  test('given no text and no hash, then there is nothing to name', () => {
    expect(namingWith(nobodysDocuments)({})).toBeNull()
    expect(namingWith(nobodysDocuments)({ query: '' })).toBeNull()
  })
})

describe('trusted documents', () => {
  const trusted = makeTrustedDocuments('enforce', { [id]: text })

  test('given the manifest, then its ids mean its texts, and nobody registers others (threat: GraphQL)', () => {
    const nameOf = namingWith(trusted)
    expect(nameOf(persisted(id))?.text).toBe(text)
    const other = 'query Other { viewer { id } }'
    nameOf({ query: other, ...persisted(idOf(other)) })?.remember?.()
    expect(codeOf(nameOf(persisted(idOf(other))))).toBe('DOCUMENT_NOT_TRUSTED')
    expect(codeOf(nameOf(persisted('__proto__')))).toBe('DOCUMENT_NOT_TRUSTED')
  })

  test('given a trusted id with another text, then the text counts, which is not trusted (threat: GraphQL)', () => {
    expect(namingWith(trusted)({ query: '{ other }', ...persisted(id) })?.text).toBe('{ other }')
  })

  test('given another layout or order of fragments, then it is the same document; another field makes another one', () => {
    const whole = 'query A { viewer { ...V ...W } } fragment V on Viewer { id } fragment W on Viewer { kind }'
    const { includes } = makeTrustedDocuments('enforce', { [idOf(whole)]: whole })
    const turned =
      'fragment W on Viewer { kind } # first\n query A { viewer { ...V, ...W } } fragment V on Viewer { id }'
    expect(includes(parse(turned))).toBe(true)
    expect(includes(parse(whole.replace('{ id }', '{ id kind }')))).toBe(false)
    expect(includes(parse(whole.replace('query A', 'query B')))).toBe(false)
  })

  test('given a manifest whose text was changed, then the start is refused', () => {
    expect(() => makeTrustedDocuments('enforce', { [id]: `${text} ` })).toThrow(/another text/)
  })
})
