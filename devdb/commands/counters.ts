export type Opcounter = 'insert' | 'query' | 'update' | 'delete' | 'getmore' | 'command'

/** What serverStatus reports; tests of the shop count database work with it. */
export const makeCounters = () => {
  const opcounters: Record<Opcounter, number> = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 }
  const commands = new Map<string, { total: number; failed: number }>()
  let collectionScans = 0
  let connectionsCreated = 0
  let connections = 0
  let bytesIn = 0
  let bytesOut = 0
  return {
    count: (kind: Opcounter, by = 1): void => {
      opcounters[kind] += by
    },
    command: (name: string, failed: boolean): void => {
      const known = commands.get(name) ?? { total: 0, failed: 0 }
      commands.set(name, { total: known.total + 1, failed: known.failed + (failed ? 1 : 0) })
    },
    collectionScan: (): void => {
      collectionScans++
    },
    connected: (): number => {
      connections++
      return ++connectionsCreated
    },
    disconnected: (): void => {
      connections--
    },
    received: (bytes: number): void => {
      bytesIn += bytes
    },
    sent: (bytes: number): void => {
      bytesOut += bytes
    },
    read: () => ({
      bytesIn,
      bytesOut,
      opcounters: { ...opcounters },
      commands: Object.fromEntries(commands),
      collectionScans,
      connections: { current: connections, totalCreated: connectionsCreated },
    }),
  }
}

export type Counters = ReturnType<typeof makeCounters>
