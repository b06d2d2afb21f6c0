import { show } from '../../bson/show.ts'
import type { Doc } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import type { Collection } from '../../storage/collection.ts'
import type { Validation } from '../../storage/collectionOptions.ts'
import { explainFailure } from './validationDetails.ts'

type Checked = {
  readonly after: Doc
  /** Of a change: the document as it was. */
  readonly before?: Doc
  readonly bypass: boolean
}

const isExempt = ({ level, filter }: Validation, before: Doc | undefined): boolean =>
  level === 'moderate' && before !== undefined && !filter.match(before)

/** A validator that cannot be evaluated lets nothing pass, except where it only warns. */
const holds = ({ filter, action }: Validation, doc: Doc): boolean => {
  try {
    return filter.match(doc)
  } catch (error) {
    if (action === 'warn') return false
    throw error
  }
}

/**
 * Tests a document against the validator of its collection: code 121 with what failed as `errInfo`, or, where the
 * action is `warn`, a line on standard error. Level `moderate` lets documents that failed before fail again.
 */
export const checkDocument = (collection: Collection, { after, before, bypass }: Checked): void => {
  const { validation } = collection.options()
  if (validation === undefined || bypass) return
  if (holds(validation, after) || isExempt(validation, before)) return
  const failingDocumentId = after._id ?? null
  if (validation.action === 'warn') {
    process.stderr.write(
      `devdb: document ${show(failingDocumentId)} of ${collection.namespace} would fail validation\n`,
    )
    return
  }
  throw failure('DocumentValidationFailure', 'Document failed validation', {
    errInfo: { failingDocumentId, details: explainFailure(validation.filter, after) },
  })
}
