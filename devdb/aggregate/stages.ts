import { failure, location, MongoError, unsupported } from '../errors.ts'
import { addFieldsStage } from './addFields.ts'
import { bucketStage } from './bucket.ts'
import { bucketAutoStage } from './bucketAuto.ts'
import { densifyStage } from './densify.ts'
import {
  collStatsStage,
  currentOpStage,
  indexStatsStage,
  listSessionsStage,
  planCacheStatsStage,
} from './diagnostics.ts'
import { documentsStage } from './documents.ts'
import { facetStage } from './facet.ts'
import { fillStage } from './fill.ts'
import { graphLookupStage } from './graphLookup.ts'
import { groupStage, sortByCountStage } from './group.ts'
import { lookupStage } from './lookup.ts'
import { matchStage } from './match.ts'
import { mergeStage } from './merge.ts'
import { outStage } from './out.ts'
import { projectStage, unsetStage } from './project.ts'
import { redactStage } from './redact.ts'
import { replaceRootStage, replaceWithStage } from './replaceRoot.ts'
import { countStage, limitStage, sampleStage, skipStage } from './simple.ts'
import { sortStage } from './sort.ts'
import type { ParseStage } from './stage.ts'
import { unionWithStage } from './unionWith.ts'
import { unwindStage } from './unwind.ts'
import { setWindowFieldsStage } from './window/windowFields.ts'

const refusing =
  (make: () => Error): ParseStage =>
  () => {
    throw make()
  }

/** Atlas Search is a service of its own, which no MongoDB server has by itself. */
const searchNotEnabled = refusing(
  () =>
    new MongoError(
      31082,
      'SearchNotEnabled',
      'Using $search and $vectorSearch aggregation stages requires additional configuration. Please connect to Atlas or an AtlasCLI local deployment to enable. For more information on how to connect, see https://dochub.mongodb.org/core/atlas-cli-deploy-local-reqs.',
    ),
)

const lacking = (name: string): [string, ParseStage] => [name, refusing(() => unsupported(`the stage ${name}`))]

/** Every stage MongoDB 8.0 has, also those that are refused. A change stream is opened elsewhere: here it only has its place. */
export const stages: ReadonlyMap<string, ParseStage> = new Map<string, ParseStage>([
  ['$addFields', addFieldsStage('$addFields')],
  ['$bucket', bucketStage],
  ['$bucketAuto', bucketAutoStage],
  ['$changeStream', () => ({ run: (rows) => rows })],
  ['$collStats', collStatsStage],
  ['$count', countStage],
  ['$currentOp', currentOpStage],
  ['$densify', densifyStage],
  ['$documents', documentsStage],
  ['$facet', facetStage],
  ['$fill', fillStage],
  [
    '$geoNear',
    refusing(() => failure('IndexNotFound', '$geoNear requires a 2d or 2dsphere index, but none were found')),
  ],
  ['$graphLookup', graphLookupStage],
  ['$group', groupStage],
  ['$indexStats', indexStatsStage],
  ['$limit', limitStage],
  ['$listLocalSessions', listSessionsStage('$listLocalSessions')],
  ['$listSearchIndexes', searchNotEnabled],
  ['$listSessions', listSessionsStage('$listSessions')],
  ['$lookup', lookupStage],
  ['$match', matchStage],
  ['$merge', mergeStage],
  ['$out', outStage],
  ['$planCacheStats', planCacheStatsStage],
  ['$project', projectStage],
  ['$redact', redactStage],
  ['$replaceRoot', replaceRootStage],
  ['$replaceWith', replaceWithStage],
  ['$sample', sampleStage],
  ['$search', searchNotEnabled],
  ['$searchMeta', searchNotEnabled],
  ['$set', addFieldsStage('$set')],
  ['$setWindowFields', setWindowFieldsStage],
  [
    '$shardedDataDistribution',
    refusing(() => location(6789101, 'The $shardedDataDistribution stage can only be run on mongoS')),
  ],
  ['$skip', skipStage],
  ['$sort', sortStage],
  ['$sortByCount', sortByCountStage],
  ['$unionWith', unionWithStage],
  ['$unset', unsetStage],
  ['$unwind', unwindStage],
  ['$vectorSearch', searchNotEnabled],
  lacking('$listCatalog'),
  lacking('$listClusterCatalog'),
  lacking('$listSampledQueries'),
  lacking('$querySettings'),
  lacking('$queryStats'),
])
