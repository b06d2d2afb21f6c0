import { readFileSync } from 'node:fs'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Verdict } from './report.ts'

type Valid = {
  readonly description: string
  readonly canonical_bson: string
  readonly degenerate_bson?: string
}

type Corpus = {
  readonly bson_type?: string
  readonly valid?: readonly Valid[]
  readonly decodeErrors?: readonly { readonly description: string; readonly bson: string }[]
}

const roundTrip = (hex: string): string => {
  try {
    return Buffer.from(encode(decode(Buffer.from(hex, 'hex'))))
      .toString('hex')
      .toUpperCase()
  } catch (error) {
    return `the error "${error instanceof Error ? error.message : String(error)}"`
  }
}

const validReason = ({ canonical_bson: canonical, degenerate_bson: degenerate }: Valid): string | undefined => {
  const wrong = [canonical, degenerate ?? canonical].map(roundTrip).find((got) => got !== canonical.toUpperCase())
  return wrong === undefined ? undefined : `expected ${canonical}, got ${wrong}`
}

const verdict = (name: string, reason: string | undefined): Verdict =>
  reason === undefined ? { name, status: 'passed' } : { name, status: 'failed', reason }

/**
 * Judges a file of the BSON corpus without a server: its bytes through devdb's own reader and writer. Undefined when the
 * file is none.
 */
export const judgeCorpus = (path: string, shortName: string): Verdict[] | undefined => {
  const { bson_type: type, valid = [], decodeErrors = [] } = JSON.parse(readFileSync(path, 'utf8')) as Corpus
  if (type === undefined) return undefined
  const accepted = (hex: string) =>
    roundTrip(hex).startsWith('the error') ? undefined : 'malformed bytes are accepted'
  return [
    ...valid.map((one) => verdict(`${shortName} > ${one.description}`, validReason(one))),
    ...decodeErrors.map(({ description, bson }) => verdict(`${shortName} > ${description}`, accepted(bson))),
  ]
}
