import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Document, deserialize, serialize } from 'bson'

const headerBytes = 16
const opMsg = 2013

/** One OP_MSG with the command as its body. */
const frameOf = (command: Document): Buffer => {
  const body = serialize(command)
  const frame = Buffer.alloc(headerBytes + 5 + body.length)
  frame.writeInt32LE(frame.length, 0)
  frame.writeInt32LE(opMsg, 12)
  frame.set(body, headerBytes + 5)
  return frame
}

const commandOf = (frame: Buffer): Document => deserialize(frame.subarray(headerBytes + 5))

type Load = {
  readonly port: number
  readonly sockets: number
  /** Commands under way at once on each socket. */
  readonly inFlight: number
  readonly commands: number
  readonly command: (turn: number) => Document
  /** Throws when a reply is not what the command should answer; asked of every 64th. */
  readonly check: (reply: Document) => void
}

/** Calls back for each whole frame of a stream. */
const onFrames = (socket: Socket, frame: (bytes: Buffer) => void): void => {
  let held: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
      const length = held.readInt32LE(0)
      frame(held.subarray(0, length))
      held = held.subarray(length)
    }
  })
}

/** Sends the commands over bare sockets, without a driver, and answers how many a second were answered. */
export const rawLoad = async ({ port, sockets, inFlight, commands, command, check }: Load): Promise<number> => {
  // Made beforehand, so that the client's work is not what is measured.
  const frames = Array.from({ length: commands }, (_, turn) => frameOf(command(turn)))
  const connections = await Promise.all(
    Array.from({ length: sockets }, async () => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true)
      await once(socket, 'connect')
      return socket
    }),
  )
  const done = Promise.withResolvers<void>()
  let sent = 0
  let answered = 0
  const sendNext = (socket: Socket): void => {
    const frame = frames[sent]
    if (frame === undefined) return
    sent++
    socket.write(frame)
  }
  for (const socket of connections) {
    socket.on('error', done.reject)
    onFrames(socket, (reply) => {
      try {
        if (answered % 64 === 0) check(commandOf(reply))
      } catch (error) {
        done.reject(error)
      }
      if (++answered === commands) done.resolve()
      sendNext(socket)
    })
  }
  const start = performance.now()
  for (const socket of connections) for (let turn = 0; turn < inFlight; turn++) sendNext(socket)
  await done.promise
  const seconds = (performance.now() - start) / 1000
  for (const socket of connections) socket.destroy()
  return commands / seconds
}
