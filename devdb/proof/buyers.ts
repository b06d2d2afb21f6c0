import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import mongoose from 'mongoose'

/** Clients that buy from one stock document until none is left; answers how many bought. */
export const buyAll = async (url: string, clients: number): Promise<number> => {
  const client = await mongoose.mongo.MongoClient.connect(url, { maxPoolSize: clients })
  const stocks = client.db('proof').collection<{ _id: string; stock: number }>('stocks')
  let bought = 0
  const buy = async (): Promise<void> => {
    while ((await stocks.findOneAndUpdate({ _id: 'hot', stock: { $gte: 1 } }, { $inc: { stock: -1 } })) !== null) {
      bought += 1
    }
  }
  try {
    await Promise.all(Array.from({ length: clients }, buy))
    return bought
  } finally {
    await client.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { url: { type: 'string' }, clients: { type: 'string' } } })
  console.log(await buyAll(values.url ?? '', Number(values.clients)))
}
