import type { Doc } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import { arrayKeywords } from './arrays.ts'
import { logicalKeywords } from './logical.ts'
import { objectKeywords } from './objects.ts'
import { type Context, type Keywords, mistyped, type Rule, type Schema } from './rule.ts'
import { scalarKeywords, typeKeywords } from './scalars.ts'

/** In the order in which MongoDB reports them. */
const keywords: Keywords = {
  ...scalarKeywords,
  ...arrayKeywords,
  ...objectKeywords,
  ...logicalKeywords,
  ...typeKeywords,
}

const texts = ['title', 'description']

const neverSupported = ['$ref', '$schema', 'default', 'definitions', 'format', 'id']

const encryption = ['encrypt', 'encryptMetadata']

const checkNames = (schema: Doc): void => {
  for (const name of Object.keys(schema)) {
    if (Object.hasOwn(keywords, name) || texts.includes(name)) continue
    if (encryption.includes(name)) throw unsupported(`the $jsonSchema keyword '${name}'`)
    if (neverSupported.includes(name))
      throw failure('FailedToParse', `$jsonSchema keyword '${name}' is not currently supported`)
    throw failure('FailedToParse', `Unknown $jsonSchema keyword: ${name}`)
  }
  if (schema.type !== undefined && schema.bsonType !== undefined)
    throw failure('FailedToParse', "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'")
}

const annotationsOf = (schema: Doc): Doc => {
  const annotations: Doc = {}
  for (const name of texts) {
    const value = schema[name]
    if (value === undefined) continue
    if (typeof value !== 'string') throw mistyped(name, 'of type string')
    annotations[name] = value
  }
  return annotations
}

/**
 * Reads a JSON Schema as MongoDB knows it (draft 4 and `bsonType`). Throws 9, 14 or 2 for what MongoDB refuses and 238 for
 * the keywords of client-side encryption.
 */
export const parseSchema = (schema: Doc): Schema => {
  checkNames(schema)
  const context: Context = { schema, parse: parseSchema }
  const rules = Object.entries(keywords).flatMap(([name, read]): Rule[] => {
    const argument = Object.hasOwn(schema, name) ? schema[name] : undefined
    return argument === undefined ? [] : [read(argument, context)]
  })
  return {
    annotations: annotationsOf(schema),
    holds: (value) => rules.every((rule) => rule.holds(value)),
    explain: (value) => rules.filter((rule) => !rule.holds(value)).flatMap((rule) => rule.explain(value)),
  }
}
