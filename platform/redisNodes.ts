import type { Clock } from '#kernel/time.ts'
import type { Log } from './log.ts'
import { type Connection, lookAgain, nodeOf } from './redisConnection.ts'
import { makeRedisPresence, type RedisPresence } from './redisPresence.ts'

export interface RedisNodesOptions {
  readonly commands: Connection
  readonly clock: Clock
  readonly log: Log
  /** Called each time that a node is found away. */
  readonly onAway: () => void
}

/**
 * Which nodes are there: each node of a Cluster is left alone by itself, so that nobody suffers whose keys are on the others. One server,
 * or the master that Sentinels name, is one node.
 */
export const makeRedisNodes = ({ commands, clock, log, onAway }: RedisNodesOptions) => {
  // As many as the Cluster has masters: one that has lost its slots leaves at its next beat.
  const presences = new Map<string, RedisPresence>()
  const make = (node: string, key: string): RedisPresence =>
    makeRedisPresence({
      clock,
      log,
      node,
      // Asked for a key of this node, a Cluster also tells when another node has it now.
      beat: async () => {
        if (nodeOf(commands, key) === node) return commands.exists(key)
        presences.get(node)?.leave()
        return presences.delete(node)
      },
      onAway: () => {
        lookAgain(commands)
        onAway()
      },
    })
  return {
    /** Of the node that has this key. */
    presenceOf: (key: string): RedisPresence => {
      const node = nodeOf(commands, key)
      const presence = presences.get(node) ?? make(node, key)
      presences.set(node, presence)
      return presence
    },
    stop: (): void => {
      for (const presence of presences.values()) presence.stop()
    },
  }
}
