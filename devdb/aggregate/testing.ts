import mongoose from 'mongoose'
import { startInProcess } from '../testing.ts'

export type Row = Record<string, unknown>

/** A server with a client, for tests of pipelines. */
export const startPipelines = async () => {
  const server = await startInProcess()
  const client = await new mongoose.mongo.MongoClient(server.url).connect()
  const db = client.db('shop')
  const run = (collection: string, pipeline: Row[], options: Row = {}): Promise<Row[]> =>
    db.collection(collection).aggregate<Row>(pipeline, options).toArray()
  return {
    db,
    client,
    run,
    /** The pipeline over documents that no collection holds. */
    over: (docs: Row[], ...stages: Row[]): Promise<Row[]> =>
      db.aggregate<Row>([{ $documents: { $literal: docs } }, ...stages]).toArray(),
    /** The code and text of the error a pipeline ends with. */
    refusal: async (
      collection: string,
      pipeline: Row[],
      options: Row = {},
    ): Promise<{ code: unknown; text: string }> => {
      try {
        await run(collection, pipeline, options)
      } catch (error) {
        const { code, message } = error as { code: unknown; message: string }
        return { code, text: message }
      }
      return { code: undefined, text: 'no error' }
    },
    collectionScans: async (): Promise<number> => {
      const status = await client.db('admin').command({ serverStatus: 1 })
      return Number(status.metrics.queryExecutor.collectionScans.total)
    },
    stop: async (): Promise<void> => {
      await client.close()
      await server.stop()
    },
  }
}

export type Pipelines = Awaited<ReturnType<typeof startPipelines>>
