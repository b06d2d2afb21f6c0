import type { Socket } from 'node:net'
import { type Doc, isDoc } from '../bson/values.ts'
import type { Reply } from '../commands/command.ts'
import type { Registry } from '../commands/registry.ts'
import { failure, MalformedError, MongoError } from '../errors.ts'
import { makeFrames } from './framing.ts'
import { type Message, readMessage, writeMessage } from './messages.ts'

type Options = {
  readonly socket: Socket
  readonly id: number
  readonly registry: Registry
  /** Undefined when no write waits for the disk. */
  readonly settled: () => Promise<void> | undefined
}

// OP_QUERY survives in drivers only as the first greeting.
const greetings = ['hello', 'isMaster', 'ismaster']

/** Replies a client has not taken yet; above that nothing more is read from it, so it cannot fill the memory. */
const backlogLimit = 16 * 1024 * 1024

/** What a client may send ahead while its command waits: it is read on, or its going away would not be noticed. */
const earlyLimit = 1024 * 1024

const errorReply = ({ message, code, codeName }: MongoError): Reply => ({ ok: 0, errmsg: message, code, codeName })

const read = (bytes: Buffer): Message => {
  const message = readMessage(bytes)
  if (message.kind === 'query' && !greetings.includes(Object.keys(message.body)[0] ?? ''))
    throw new MalformedError('OP_QUERY is understood for a greeting only')
  return message
}

const diskFull = errorReply(failure('OutOfDiskSpace', 'the disk refused the write; nothing of it was stored'))

/** Commands that change data: when the disk refuses, they have failed. */
const changing: ReadonlySet<string> = new Set([
  'bulkWrite',
  'collMod',
  'commitTransaction',
  'convertToCapped',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'findAndModify',
  'findandmodify',
  'insert',
  'reIndex',
  'renameCollection',
  'update',
])

/** Their replies hold whatever the disk refuses: rows of cursors were settled when they were read. */
const unconcerned: ReadonlySet<string> = new Set(['getMore', 'killCursors', 'abortTransaction'])

const changesData = (name: string, { pipeline }: Doc): boolean => {
  if (changing.has(name)) return true
  const last = Array.isArray(pipeline) ? pipeline.at(-1) : undefined
  return last !== undefined && isDoc(last) && ('$out' in last || '$merge' in last)
}

type To = { readonly responseTo: number; readonly kind: 'msg' | 'query' }

/**
 * Serves one client, its messages one after another. Anything malformed ends this connection and nothing else; a
 * client that does not read its replies is not read from either.
 */
export const serveConnection = ({ socket, id, registry, settled }: Options): void => {
  const gone = new AbortController()
  let nextRequest = 1
  let underWay = false
  let heldForDisk = 0
  let early = 0

  const bytesOf = (reply: Reply, to: To): Buffer => {
    try {
      return writeMessage(reply, { requestId: nextRequest++, ...to })
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      return writeMessage(errorReply(error), { requestId: nextRequest++, ...to })
    }
  }

  /** Replies that are ready in the same turn leave together: each call into the kernel costs as much as a command. */
  const write = (bytes: Buffer): void => {
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    socket.write(bytes)
  }

  const send = (reply: Reply, to: To, onLost: () => void = () => undefined): void => {
    const bytes = bytesOf(reply, to)
    const waiting = settled()
    if (waiting === undefined) {
      write(bytes)
      return
    }
    // Nobody may see what a crash could still take back, so even reads wait while a write is on its way to disk.
    heldForDisk += bytes.length
    const release = (deliver: () => void): void => {
      heldForDisk -= bytes.length
      guarded(deliver)
      proceed()
    }
    waiting.then(
      () => release(() => write(bytes)),
      () => release(onLost),
    )
  }

  const later = async (reply: Promise<Reply>, deliver: (reply: Reply) => void): Promise<void> => {
    underWay = true
    try {
      deliver(await reply)
      underWay = false
      proceed()
    } catch (error) {
      close(error)
    }
  }

  const answer = (bytes: Buffer): void => {
    const responseTo = bytes.readInt32LE(4)
    try {
      const { body, documents, kind, silent } = read(bytes)
      const to = { responseTo, kind }
      const [name = ''] = Object.keys(body)
      // Memory is back to what the disk has: a write was not done, a read is done again on what is there now.
      const lost = (reply: Reply): void => {
        if (changesData(name, body)) send(diskFull, to)
        else if (unconcerned.has(name)) send(reply, to, () => lost(reply))
        else answer(bytes)
      }
      const deliver = (reply: Reply): void => {
        if (!silent) send(reply, to, () => lost(reply))
      }
      const reply = registry.run({ body, documents, connectionId: id, signal: gone.signal })
      if (reply instanceof Promise) later(reply, deliver)
      else deliver(reply)
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      send(errorReply(error), { responseTo, kind: 'msg' })
    }
  }

  const keepsUp = (): boolean => heldForDisk + socket.writableLength <= backlogLimit
  const frames = makeFrames(answer, () => !underWay && !socket.destroyed && keepsUp())

  const close = (error: unknown): void => {
    // Not only MalformedError: whatever a client's bytes provoke must not reach other clients.
    socket.destroy()
    if (!(error instanceof MalformedError)) process.stderr.write(`devdb: connection ${id} closed: ${String(error)}\n`)
  }

  const guarded = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      close(error)
    }
  }

  const proceed = (chunk?: Buffer): void => {
    guarded(() => frames(chunk))
    if (socket.destroyed) return
    early = underWay ? early + (chunk?.length ?? 0) : 0
    if (!keepsUp() || early > earlyLimit) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }

  socket.setNoDelay(true)
  socket.on('data', proceed)
  socket.on('drain', () => proceed())
  socket.on('close', () => gone.abort())
  // A vanished client is no fault of the server; 'close' follows.
  socket.on('error', () => socket.destroy())
}
