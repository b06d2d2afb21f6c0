import mongoose from 'mongoose'
import { expect, inject, onTestFinished, test } from 'vitest'
import { startProxy } from '../tests/proxy.ts'
import { reopenWhenStuck } from './heartbeats.ts'

test('given every line to the database ends while one is in use, when it is back, then it is used again (F8)', async () => {
  const line = await startProxy(Number(new URL(inject('mongoUrl')).port))
  const connection = mongoose.createConnection()
  const patient = { serverSelectionTimeoutMS: 1_000, connectTimeoutMS: 1_000, waitQueueTimeoutMS: 1_000 }
  await connection.openUri(`mongodb://${new URL(line.url).host}/?directConnection=true`, {
    ...patient,
    bufferCommands: false,
  })
  const client = connection.getClient()
  const letGo = reopenWhenStuck(client, 500)
  onTestFinished(async () => {
    letGo()
    await connection.close()
    await line.stop()
  })
  const answers = () =>
    connection
      .useDb('heartbeats', { useCache: true })
      .collection('none')
      .findOne({})
      .then(
        () => true,
        () => false,
      )
  expect(await answers()).toBe(true)

  line.become('hanging')
  const [inUse, ...waiting] = [answers(), answers(), answers()]
  expect(await Promise.all(waiting)).toEqual([false, false])
  line.become('fair')
  line.cut()
  await inUse
  await expect.poll(answers, { timeout: 10_000 }).toBe(true)
})
