import { encode } from '../bson/encode.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { insertBytes } from '../commands/writing/write.ts'
import { location, unsupported } from '../errors.ts'
import type { Collection } from '../storage/collection.ts'
import { noOptions } from '../storage/collectionOptions.ts'
import type { Namespace } from './source.ts'
import { missingField } from './specification.ts'
import type { Context, ParseStage, Rows } from './stage.ts'
import { checkTarget, parseTarget } from './target.ts'

/** An empty collection in the place of another, with its options and indexes. */
const replacementOf = ({ request }: Context, { database, collection: name }: Namespace): Collection => {
  const { catalog } = request.server
  const former = catalog.find(database, name)
  if (former?.options().cap !== undefined)
    throw location(17152, `namespace '${database}.${name}' is capped so it can't be used for $out`)
  if (former !== undefined) catalog.drop(database, name)
  const fresh = catalog.create(database, name, former?.options() ?? noOptions)
  for (const { definition } of former?.indexes.slice(1) ?? []) fresh.createIndex(definition)
  return fresh
}

const writeAll = (docs: readonly Doc[], target: Namespace, context: Context): void => {
  const { request } = context
  checkTarget(request.server.catalog, target, '$out')
  const writing = {
    collection: replacementOf(context, target),
    bypass: request.body.bypassDocumentValidation === true,
  }
  for (const doc of docs) insertBytes(writing, encode(doc))
}

const targetOf = (spec: Value): ((database: string) => Namespace) => {
  if (isDoc(spec)) {
    if (spec.timeseries !== undefined) throw unsupported("the option 'timeseries' of $out")
    if (spec.db === undefined) throw missingField('$out.db')
  }
  return parseTarget(spec, '$out')
}

/** `$out`: the documents become the whole content of a collection; its options and indexes stay. */
export const outStage: ParseStage = (spec) => {
  const into = targetOf(spec)
  return {
    run: (rows: Rows, context: Context): Rows => {
      writeAll([...rows], into(context.database), context)
      return []
    },
  }
}
