import { Long } from 'bson'
import type { Doc } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import type { Command, Request } from '../command.ts'
import { adminOnly, long } from '../simple.ts'
import { electionId, operationTimeOf, term } from './greeting.ts'

const setNameOf = ({ server }: Request): string => {
  if (server.replicaSet === undefined) throw failure('NoReplicationEnabled', 'not running with --replSet')
  return server.replicaSet
}

const member = ({ server }: Request, optime: Doc, date: Date): Doc => ({
  _id: 0,
  name: server.address(),
  health: 1,
  state: 1,
  stateStr: 'PRIMARY',
  uptime: Math.floor((Date.now() - server.startedAt.getTime()) / 1000),
  optime,
  optimeDate: date,
  lastAppliedWallTime: date,
  lastDurableWallTime: date,
  syncSourceHost: '',
  syncSourceId: -1,
  infoMessage: '',
  electionTime: optime.ts ?? null,
  electionDate: server.startedAt,
  configVersion: 1,
  configTerm: 1,
  self: true,
  lastHeartbeatMessage: '',
})

const replSetGetStatus = adminOnly(['initialSync'], (request) => {
  const set = setNameOf(request)
  const { ts, date } = operationTimeOf(request.server)
  const optime: Doc = { ts, t: term }
  return {
    set,
    date: new Date(),
    myState: 1,
    term,
    syncSourceHost: '',
    syncSourceId: -1,
    heartbeatIntervalMillis: long(2000),
    majorityVoteCount: 1,
    writeMajorityCount: 1,
    votingMembersCount: 1,
    writableVotingMembersCount: 1,
    optimes: {
      lastCommittedOpTime: optime,
      lastCommittedWallTime: date,
      readConcernMajorityOpTime: optime,
      appliedOpTime: optime,
      durableOpTime: optime,
      lastAppliedWallTime: date,
      lastDurableWallTime: date,
    },
    members: [member(request, optime, date)],
  }
})

const replSetGetConfig = adminOnly(['commitmentStatus'], (request) => ({
  config: {
    _id: setNameOf(request),
    version: 1,
    term: 1,
    members: [
      {
        _id: 0,
        host: request.server.address(),
        arbiterOnly: false,
        buildIndexes: true,
        hidden: false,
        priority: 1,
        tags: {},
        secondaryDelaySecs: Long.ZERO,
        votes: 1,
      },
    ],
    protocolVersion: long(1),
    writeConcernMajorityJournalDefault: true,
    settings: { replicaSetId: electionId },
  },
}))

// Tools and container images send this to every fresh server; they know this answer.
const replSetInitiate = adminOnly([], (request) => {
  setNameOf(request)
  throw failure('AlreadyInitialized', 'already initialized')
})

const getDefaultRWConcern = adminOnly(['inMemory'], ({ server }) => {
  if (server.replicaSet === undefined)
    throw location(51300, "'getDefaultRWConcern' is not supported on standalone nodes.")
  return {
    defaultReadConcern: { level: 'local' },
    defaultWriteConcern: { w: 'majority', wtimeout: 0 },
    defaultWriteConcernSource: 'implicit',
    defaultReadConcernSource: 'implicit',
    localUpdateWallClockTime: server.startedAt,
  }
})

export const replicationCommands: Readonly<Record<string, Command>> = {
  replSetGetStatus,
  replSetGetConfig,
  replSetInitiate,
  getDefaultRWConcern,
}
