import type { GraphQLRequest } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { limits } from './limits.ts'
import { badRequest } from './refusal.ts'
import { idOf, type TrustedDocuments } from './trusted.ts'

/** The text that a request means, or why it means none. `remember` is called once the text turned out to be good. */
export type Named =
  | { readonly text: string; readonly remember: () => void; readonly refused?: undefined }
  | { readonly text?: undefined; readonly remember?: undefined; readonly refused: GraphQLError }

/** As Apollo's clients know it: they answer this message by sending the text along. */
const notFound = new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })

export const notTrusted = new GraphQLError('Only documents of the manifest run here.', {
  extensions: { code: 'DOCUMENT_NOT_TRUSTED' },
})

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** `extensions.persistedQuery.sha256Hash` (Apollo), or `documentId` beside the variables or in the extensions. */
const givenId = ({ extensions, http }: GraphQLRequest): string | undefined => {
  const { persistedQuery, documentId } = (extensions ?? {}) as Record<string, unknown>
  const hash = (persistedQuery as { sha256Hash?: unknown } | null | undefined)?.sha256Hash
  const body = http?.body as { documentId?: unknown } | undefined
  const beside = body?.documentId ?? (http?.search ? new URLSearchParams(http.search).get('documentId') : undefined)
  return asText(hash ?? documentId ?? beside)?.replace(/^sha256:/, '')
}

/**
 * Finds the text of a request that names it by the hex SHA-256: in the manifest, or among those that clients have registered (automatic
 * persisted queries: the text once, the hash from then on). Nobody registers where only trusted documents run.
 */
export const makeNaming = () => {
  const registered = new LRUCache<string, string>({
    max: limits.persistedDocuments,
    maxSize: limits.persistedCharacters,
    sizeCalculation: (text) => text.length,
  })
  const nothing = (): void => undefined

  const registering = (id: string, text: string): Named =>
    idOf(text) === id
      ? { text, remember: () => void registered.set(id, text) }
      : { refused: badRequest('The hash is not that of the document.') }

  return (request: GraphQLRequest, { mode, textOf }: TrustedDocuments): Named | null => {
    const id = givenId(request)
    const text = request.query
    if (id === undefined) return text ? { text, remember: nothing } : null
    const known = textOf(id)
    if (known !== undefined && (!text || text === known)) return { text: known, remember: nothing }
    if (text) return mode === 'enforce' ? { text, remember: nothing } : registering(id, text)
    const found = mode === 'enforce' ? undefined : registered.get(id)
    if (found !== undefined) return { text: found, remember: nothing }
    return { refused: mode === 'enforce' ? notTrusted : notFound }
  }
}
