import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { decode } from '../bson/decode.ts'
import type { Doc } from '../bson/values.ts'
import { headerBytes, makeFrames } from '../wire/framing.ts'
import { writeMessage } from '../wire/messages.ts'

const opMsg = 2013

/** A way to a server that changes some of its replies: what a comparison must notice. `change` answers undefined to leave one alone. */
export const startTamperingProxy = async (port: number, change: (reply: Doc) => Doc | undefined) => {
  const sockets = new Set<Socket>()

  const forward = (message: Buffer): Buffer => {
    if (message.readInt32LE(12) !== opMsg) return message
    const changed = change(decode(message.subarray(headerBytes + 5)))
    if (changed === undefined) return message
    const [requestId, responseTo] = [message.readInt32LE(4), message.readInt32LE(8)]
    return writeMessage(changed, { requestId, responseTo, kind: 'msg' })
  }

  const listener = createServer((client) => {
    const server = connect(port, '127.0.0.1')
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        server.destroy()
      })
    }
    client.pipe(server)
    server.on(
      'data',
      makeFrames((message) => client.write(forward(message))),
    )
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port: own } = listener.address() as AddressInfo
  return {
    url: `mongodb://127.0.0.1:${own}/?directConnection=true`,
    stop: () => {
      listener.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
