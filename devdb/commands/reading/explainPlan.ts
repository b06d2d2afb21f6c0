import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import type { IndexScan } from '../../index/candidates.ts'
import type { IndexPlan } from '../../index/planner.ts'
import { showBounds } from '../../index/showBounds.ts'
import type { Execution } from '../../query/executor.ts'
import { isEverything } from '../../query/matcher.ts'
import type { Examined } from '../../query/scan.ts'
import { sortMemoryBytes } from '../../query/topSort.ts'
import type { Filter } from '../../query/tree.ts'

/** The filter in MongoDB's normal form: every condition with its operator. */
export const parsedQuery = (filter: Filter): Doc => {
  switch (filter.type) {
    case 'field':
      return { [filter.path]: { [filter.operator]: filter.operand } }
    case 'special':
      return { [filter.operator]: filter.operand }
    case 'not': {
      const inner = parsedQuery(filter.of)
      const [[path, condition] = ['', {}]] = Object.entries(inner)
      return filter.of.type === 'field' ? { [path]: { $not: condition } } : { $nor: [inner] }
    }
    default:
      return filter.of.length === 0 && filter.type === 'and' ? {} : { [`$${filter.type}`]: filter.of.map(parsedQuery) }
  }
}

const indexOf = ({ view: { index }, reverse }: IndexScan): Doc => {
  const { definition } = index
  const { name, spec, unique, sparse, partial, collation } = definition
  return {
    keyPattern: spec.key ?? null,
    indexName: name,
    ...(collation === undefined ? {} : { collation: collation.spec }),
    isMultiKey: index.isMultikey(),
    isUnique: unique,
    isSparse: sparse,
    isPartial: partial !== undefined,
    indexVersion: 2,
    direction: reverse ? 'backward' : 'forward',
  }
}

const indexScan = (scan: IndexScan): Doc => ({ stage: 'IXSCAN', ...indexOf(scan), indexBounds: showBounds(scan) })

const textMatch = (scan: IndexScan): Doc => ({
  stage: 'TEXT_MATCH',
  indexPrefix: {},
  indexName: scan.view.index.definition.name,
  parsedTextQuery: { terms: [...(scan.terms ?? [])] },
  textIndexVersion: 3,
  inputStage: { stage: 'TEXT_OR', inputStage: { stage: 'IXSCAN', ...indexOf(scan), indexBounds: {} } },
})

const scanOf = (scan: IndexScan): Doc => (scan.terms === undefined ? indexScan(scan) : textMatch(scan))

const sourceOf = (plan: IndexPlan): Doc => {
  const scans = plan.scans.map(scanOf)
  const [only] = scans
  if (scans.length === 1 && only !== undefined && !plan.merged) return only
  return { stage: plan.merged ? 'SORT_MERGE' : 'OR', inputStages: scans }
}

/** What a query does, in the terms of a find. */
export type Explained = {
  readonly filter: Filter
  readonly execution: Execution
  readonly sort?: Value | undefined
  readonly skip?: number | undefined
  readonly limit?: number | undefined
  readonly projection?: Value | undefined
  /** The documents themselves are not wanted: keys are counted, or one record for each value is read. */
  readonly keysOnly?: 'COUNT_SCAN' | 'DISTINCT_SCAN' | undefined
}

const isIdQuery = (filter: Filter, plan: IndexPlan): boolean =>
  filter.type === 'field' &&
  filter.path === '_id' &&
  filter.operator === '$eq' &&
  plan.scans[0]?.view.index.definition.name === '_id_'

const none: Doc = {}

const read = ({ filter, execution, keysOnly }: Explained): Doc => {
  const { plan, covered } = execution
  const shown: Doc = isEverything(filter) ? {} : { filter: parsedQuery(filter) }
  if (plan.kind === 'collection')
    return { stage: 'COLLSCAN', ...shown, direction: plan.reverse ? 'backward' : 'forward' }
  if (plan.scans.every(({ intervals }) => intervals.length === 0)) return { stage: 'EOF' }
  const source = sourceOf(plan)
  if (keysOnly !== undefined) return source.stage === 'IXSCAN' ? { ...source, stage: keysOnly } : source
  if (isIdQuery(filter, plan) && !covered) return { stage: 'IDHACK', keyPattern: { _id: 1 }, indexName: '_id_' }
  if (covered || source.stage === 'TEXT_MATCH') return source
  return { stage: 'FETCH', ...(plan.exact ? none : shown), inputStage: source }
}

const isSorted = ({ execution: { plan }, sort }: Explained): boolean =>
  !isDoc(sort) ||
  Object.keys(sort).length === 0 ||
  (plan.kind === 'index' ? plan.sorted : Object.hasOwn(sort, '$natural'))

const isSimple = (projection: Doc): boolean =>
  Object.entries(projection).every(([path, value]) => !path.includes('.') && !isDoc(value) && typeof value !== 'string')

const projectionStage = (projection: Doc, covered: boolean): string => {
  if (covered) return 'PROJECTION_COVERED'
  return isSimple(projection) ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT'
}

/** The stages of a plan, the last one outermost, named and nested as MongoDB does. */
export const stagesOf = (explained: Explained): Doc => {
  const { execution, sort, skip = 0, limit = Number.POSITIVE_INFINITY, projection } = explained
  const limited = Number.isFinite(limit)
  let stage = read(explained)
  if (stage.stage === 'EOF') return stage
  const sorted = isSorted(explained)
  if (!sorted) {
    const limitAmount: Doc = limited ? { limitAmount: limit + skip } : {}
    stage = {
      stage: 'SORT',
      sortPattern: sort ?? null,
      memLimit: sortMemoryBytes,
      ...limitAmount,
      type: 'simple',
      inputStage: stage,
    }
  }
  if (skip > 0) stage = { stage: 'SKIP', skipAmount: skip, inputStage: stage }
  if (isDoc(projection) && Object.keys(projection).length > 0)
    stage = { stage: projectionStage(projection, execution.covered), transformBy: projection, inputStage: stage }
  if (limited && (sorted || skip > 0)) stage = { stage: 'LIMIT', limitAmount: limit, inputStage: stage }
  return stage
}

export type Planner = { readonly namespace: string; readonly filter: Filter; readonly winningPlan: Doc }

export const queryPlanner = ({ namespace, filter, winningPlan }: Planner): Doc => ({
  namespace,
  parsedQuery: parsedQuery(filter),
  indexFilterSet: false,
  optimizationTimeMillis: 0,
  maxIndexedOrSolutionsReached: false,
  maxIndexedAndSolutionsReached: false,
  maxScansToExplodeReached: false,
  prunedSimilarIndexes: false,
  winningPlan: { isCached: false, ...winningPlan },
  rejectedPlans: [],
})

const isWrite = ({ stage }: Doc): boolean => stage === 'UPDATE' || stage === 'DELETE'

/** The stage with what it did; the leaves tell what they read. */
const counted = (stage: Doc, returned: number, examined: Examined): Doc => {
  const { inputStage, inputStages, ...own } = stage
  const work: Doc = {}
  if (['IXSCAN', 'COUNT_SCAN', 'DISTINCT_SCAN', 'IDHACK'].includes(String(own.stage))) work.keysExamined = examined.keys
  if (['FETCH', 'COLLSCAN', 'IDHACK', 'TEXT_MATCH'].includes(String(own.stage))) work.docsExamined = examined.docs
  if (own.stage === 'UPDATE') Object.assign(work, { nMatched: returned, nWouldModify: returned })
  if (own.stage === 'DELETE') work.nWouldDelete = returned
  return {
    ...own,
    nReturned: isWrite(own) ? 0 : returned,
    executionTimeMillisEstimate: 0,
    ...work,
    ...(isDoc(inputStage) ? { inputStage: counted(inputStage, returned, examined) } : {}),
    ...(Array.isArray(inputStages) ? { inputStages } : {}),
  }
}

export type Ran = { readonly returned: number; readonly examined: Examined; readonly millis: number }

export const executionStats = (stages: Doc, { returned, examined, millis }: Ran): Doc => ({
  executionSuccess: true,
  nReturned: isWrite(stages) ? 0 : returned,
  executionTimeMillis: millis,
  totalKeysExamined: examined.keys,
  totalDocsExamined: examined.docs,
  executionStages: counted(stages, returned, examined),
})

export const endOfFile: Doc = { stage: 'EOF' }
