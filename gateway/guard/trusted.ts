import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type DefinitionNode, type DocumentNode, Kind, parse, print } from 'graphql'

/** Whether only documents of the manifest run: all run; all run, and the others are logged; the others are refused. */
export type TrustMode = 'off' | 'log' | 'enforce'

export interface TrustedDocuments {
  readonly mode: TrustMode
  /** The text behind an id, the hex SHA-256 of the text. */
  readonly textOf: (id: string) => string | undefined
  /** Whether a document is in the manifest, whatever its layout and the order of its fragments. */
  readonly includes: (document: DocumentNode) => boolean
}

export const idOf = (text: string): string => hash('sha256', text)

const rank = (node: DefinitionNode): string => (node.kind === Kind.FRAGMENT_DEFINITION ? `2 ${node.name.value}` : '1')

/** The same text for documents that differ only in layout, comments and the order of their fragments. */
const canonical = ({ kind, definitions }: DocumentNode): string =>
  print({ kind, definitions: definitions.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)) })

export const nobodysDocuments: TrustedDocuments = { mode: 'off', textOf: () => undefined, includes: () => true }

/**
 * What a manifest, a JSON object from ids to texts, makes trusted.
 * @throws Error when a text is not the one that its id was made of, or no document.
 */
export const makeTrustedDocuments = (mode: TrustMode, manifest: Readonly<Record<string, string>>): TrustedDocuments => {
  for (const [id, text] of Object.entries(manifest)) {
    if (idOf(text) !== id) throw new Error(`The manifest of trusted documents has another text for ${id}.`)
  }
  const forms = new Set(Object.values(manifest).map((text) => canonical(parse(text, { noLocation: true }))))
  const known = new WeakMap<DocumentNode, boolean>()
  return {
    mode,
    textOf: (id) => (Object.hasOwn(manifest, id) ? manifest[id] : undefined),
    includes: (document) => {
      const found = known.get(document) ?? forms.has(canonical(document))
      known.set(document, found)
      return found
    },
  }
}

/** @throws Error naming the file when it cannot be read or is no manifest. */
export const readTrustedDocuments = async (mode: TrustMode, path: string): Promise<TrustedDocuments> => {
  if (mode === 'off') return nobodysDocuments
  try {
    return makeTrustedDocuments(mode, JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw new Error(`TRUSTED_DOCUMENTS_FILE ${path} cannot be used: ${error instanceof Error ? error.message : error}`)
  }
}
