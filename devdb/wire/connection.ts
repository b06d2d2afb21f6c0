import type { Socket } from 'node:net'
import type { Reply } from '../commands/command.ts'
import type { Registry } from '../commands/registry.ts'
import { MalformedError, MongoError } from '../errors.ts'
import { makeFrames } from './framing.ts'
import { readMessage, writeMessage } from './messages.ts'

type Options = {
  readonly socket: Socket
  readonly id: number
  readonly registry: Registry
  /** Undefined when no write waits for the disk. */
  readonly settled: () => Promise<void> | undefined
}

// OP_QUERY survives in drivers only as the first greeting.
const greetings = ['hello', 'isMaster', 'ismaster']

/** Serves one client. Anything malformed ends this connection and nothing else. */
export const serveConnection = ({ socket, id, registry, settled }: Options): void => {
  let nextRequest = 1

  const send = (reply: Reply, responseTo: number, kind: 'msg' | 'query'): void => {
    const bytes = writeMessage(reply, { requestId: nextRequest++, responseTo, kind })
    const waiting = settled()
    // Nobody may see what a crash could still take back, so even reads wait while a write is on its way to disk.
    if (waiting === undefined) socket.write(bytes)
    else waiting.then(() => socket.write(bytes))
  }

  const answer = (bytes: Buffer): void => {
    const responseTo = bytes.readInt32LE(4)
    try {
      const { body, documents, kind, silent } = readMessage(bytes)
      if (kind === 'query' && !greetings.includes(Object.keys(body)[0] ?? '')) {
        throw new MalformedError('OP_QUERY is understood for a greeting only')
      }
      const reply = registry.run({ body, documents, connectionId: id })
      if (!silent) send(reply, responseTo, kind)
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      send({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName }, responseTo, 'msg')
    }
  }

  const frames = makeFrames(answer)
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    try {
      frames(chunk)
    } catch (error) {
      // Not only MalformedError: whatever a client's bytes provoke must not reach other clients.
      socket.destroy()
      if (!(error instanceof MalformedError)) process.stderr.write(`devdb: connection ${id} closed: ${String(error)}\n`)
    }
  })
  // A vanished client is no fault of the server; 'close' follows.
  socket.on('error', () => socket.destroy())
}
