import { subgraphs } from '../subgraphs/index.ts'

/** Loads the code of every unit and runs none of it: Node compiles it, and keeps what it has compiled for those who start later. */
export const loadAll = async (): Promise<void> => {
  await Promise.all([
    import('../gateway/index.ts'),
    import('../workers/index.ts'),
    import('./databaseUnits.ts'),
    import('#platform/metrics/serve.ts'),
    import('#platform/tracing/otlp.ts'),
    ...Object.values(subgraphs).map((load) => load()),
  ])
}
