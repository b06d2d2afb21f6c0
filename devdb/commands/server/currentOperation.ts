import type { Doc } from '../../bson/values.ts'
import type { Request } from '../command.ts'
import { long } from '../simple.ts'

/** What `currentOp` and `$currentOp` tell of the operation that asks: `command` is what it was asked to do. */
export const currentOperation = (
  { server, body, connectionId, database }: Request,
  command: Doc,
  namespace = `${database}.$cmd`,
): Doc => ({
  type: 'op',
  host: server.address(),
  desc: `conn${connectionId}`,
  connectionId,
  client: server.peer(connectionId),
  active: true,
  currentOpTime: new Date().toISOString(),
  ...(body.lsid !== undefined && { lsid: body.lsid }),
  opid: connectionId,
  secs_running: long(0),
  microsecs_running: long(0),
  op: 'command',
  ns: namespace,
  command: { ...command, $db: database },
  numYields: 0,
  locks: {},
  waitingForLock: false,
  lockStats: {},
})
