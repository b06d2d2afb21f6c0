import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connectRaw } from '../wire/rawClient.ts'
import { brokenFrame } from './frames.ts'
import { makeRandom } from './random.ts'

type Server = { readonly port: number; readonly pid: number }

type Options = { readonly seed: number; readonly frames: number }

/** Frames under way at once: enough to keep the server busy, few enough to name the culprits. */
const lanes = 16
/** Against an answer that never comes: a late one is that of a busy machine. */
const answerLimitMs = 30_000

/** Resident memory of a process in bytes; undefined where the system does not say (it is read from /proc). */
export const residentBytes = (pid: number): number | undefined => {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

/** Sends bytes on a connection of their own and waits until the server has ended it. */
const deliver = async (port: number, bytes: Buffer): Promise<void> => {
  const closed = Promise.withResolvers<void>()
  const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes))
  socket.on('error', () => undefined)
  socket.on('close', () => closed.resolve())
  socket.resume()
  const late = setTimeout(
    () => closed.reject(new Error('the server keeps a connection whose client is done')),
    answerLimitMs,
  )
  await closed.promise.finally(() => {
    clearTimeout(late)
    socket.destroy()
  })
}

const pinger = async (port: number) => {
  const client = await connectRaw(port)
  const ping = async (): Promise<void> => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('another connection is not answered')), answerLimitMs)
    const reply = await Promise.race([client.send({ ping: 1, $db: 'admin' }), late.promise])
    clearTimeout(timer)
    if (reply.ok !== 1) throw new Error(`a ping was answered ${JSON.stringify(reply)}`)
  }
  return { ping, end: client.end }
}

/**
 * Sends broken frames to a server, each on a connection of its own, while another connection goes on asking. Throws when
 * the server stops answering that one or keeps a broken one; the last kinds sent are in the message.
 */
export const fuzz = async ({ port, pid }: Server, { seed, frames }: Options) => {
  const random = makeRandom(seed)
  const other = await pinger(port)
  const recent: string[] = []
  let sent = 0
  let before: number | undefined

  const lane = async (): Promise<void> => {
    while (sent < frames) {
      sent += 1
      // What a process needs to start working is no leak: the count begins after the first tenth.
      if (sent === Math.ceil(frames / 10)) before = residentBytes(pid)
      const { kind, bytes } = brokenFrame(random)
      recent.push(kind)
      if (recent.length > lanes) recent.shift()
      if (sent % 100 === 0) await other.ping()
      await deliver(port, bytes)
    }
  }

  try {
    await Promise.all(Array.from({ length: lanes }, lane))
    await other.ping()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`after ${sent} frames of seed ${seed}: ${reason}; the last kinds: ${recent.join(', ')}`)
  } finally {
    other.end()
  }
  const after = residentBytes(pid)
  return { sent, grownBytes: before === undefined || after === undefined ? undefined : after - before }
}
