import { once } from 'node:events'
import { connect } from 'node:net'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Doc, Out } from '../bson/values.ts'
import { headerBytes, makeFrames } from './framing.ts'

/** A client without a driver, on a port of this machine or a unix socket: tests send what no driver would. */
export const connectRaw = async (end: number | string) => {
  const socket = typeof end === 'number' ? connect(end, '127.0.0.1') : connect(end)
  await once(socket, 'connect')
  const replies: Doc[] = []
  let arrived = Promise.withResolvers<void>()
  const frames = makeFrames((message) => {
    replies.push(decode(message.subarray(headerBytes + 5)))
    arrived.resolve()
  })
  socket.on('data', frames)
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')

  const receive = async (): Promise<Doc> => {
    for (;;) {
      const reply = replies.shift()
      if (reply !== undefined) return reply
      await arrived.promise
      arrived = Promise.withResolvers<void>()
    }
  }

  return {
    socket,
    closed,
    receive,
    send: (body: { [field: string]: unknown }): Promise<Doc> => {
      socket.write(messageOf(body as { [field: string]: Out }))
      return receive()
    },
    end: () => socket.destroy(),
  }
}

/** An OP_MSG with one body. */
export const messageOf = (body: { [field: string]: Out }): Buffer => {
  const bytes = encode(body, headerBytes + 5)
  bytes.fill(0, 0, headerBytes + 5)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(1, 4)
  bytes.writeInt32LE(2013, 12)
  return bytes
}
