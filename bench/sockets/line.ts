import { connect, type Socket } from 'node:net'

/** Opcodes and the bit of a whole message (RFC 6455, 5.2). */
const text = 0x1
const close = 0x8
const ping = 0x9
const pong = 0xa
const whole = 0x80

/** A mask of zeros: frames of clients carry one, and so the payload goes out as it is. No proxy is between us and the shop. */
const noMask = [0, 0, 0, 0]

const frame = (opcode: number, payload: Buffer): Buffer => {
  const { length } = payload
  const size = length < 126 ? [whole | length] : [whole | 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([whole | opcode, ...size, ...noMask]), payload])
}

interface Frame {
  readonly opcode: number
  readonly payload: Buffer
  readonly end: number
}

/** The frame that begins at `from`; null when it is not all there. Servers do not mask, and ours sends no fragments. */
const readFrame = (bytes: Buffer, from: number): Frame | null => {
  if (bytes.length < from + 2) return null
  const short = bytes.readUInt8(from + 1)
  const start = from + (short < 126 ? 2 : short === 126 ? 4 : 10)
  if (bytes.length < start) return null
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(from + 2) : Number(bytes.readBigUInt64BE(from + 2))
  const end = start + length
  if (bytes.length < end) return null
  return { opcode: bytes.readUInt8(from) & 0xf, payload: bytes.subarray(start, end), end }
}

export interface LineOptions {
  readonly url: string
  readonly protocol: string
  readonly onOpen: () => void
  readonly onText: (text: string) => void
  /** Told once, also when it never opened. */
  readonly onClose: (reason: string) => void
}

export interface Line {
  send(message: string): void
  /** The network is gone. */
  cut(): void
  /** Stays connected and reads no more. */
  stopReading(): void
  /** Says goodbye. */
  close(): void
}

const requestFor = ({ host, pathname }: URL, protocol: string): string =>
  [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    // The key keeps caches from answering; nobody checks here what the server makes of it.
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${protocol}`,
    '\r\n',
  ].join('\r\n')

/**
 * A WebSocket for measuring: it does what ours needs of RFC 6455 and nothing else. Ten thousand clients of the `ws` package take more
 * of the two cores than they leave to the shop that is measured.
 */
export const openLine = ({ url, protocol, onOpen, onText, onClose }: LineOptions): Line => {
  const address = new URL(url)
  const socket: Socket = connect({ host: address.hostname, port: Number(address.port), noDelay: true })
  let unread = Buffer.alloc(0)
  let isOpen = false
  let reason = 'closed without a code'

  /** What follows the head of the answer, when it is there and says yes. */
  const open = (bytes: Buffer): Buffer | null => {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return null
    if (!bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
      reason = bytes.toString('latin1', 0, bytes.indexOf('\r\n'))
      socket.destroy()
      return null
    }
    isOpen = true
    onOpen()
    return bytes.subarray(end + 4)
  }

  const handle = ({ opcode, payload }: Frame): void => {
    if (opcode === text) onText(payload.toString())
    else if (opcode === ping) socket.write(frame(pong, payload))
    else if (opcode === close) {
      reason = `closed: ${payload.length < 2 ? 1005 : payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`
      socket.end(frame(close, payload.subarray(0, 2)))
    }
  }

  const read = (chunk: Buffer): void => {
    let bytes: Buffer | null = unread.length > 0 ? Buffer.concat([unread, chunk]) : chunk
    if (!isOpen) {
      const rest = open(bytes)
      bytes = rest ?? bytes
      if (!rest) {
        unread = Buffer.from(bytes)
        return
      }
    }
    let at = 0
    for (let next = readFrame(bytes, at); next; next = readFrame(bytes, at)) {
      at = next.end
      handle(next)
    }
    unread = Buffer.from(bytes.subarray(at))
  }

  socket.on('connect', () => socket.write(requestFor(address, protocol)))
  socket.on('data', read)
  socket.on('error', (error) => {
    reason = error.message
  })
  socket.on('close', () => onClose(reason))

  return {
    send: (message) => void socket.write(frame(text, Buffer.from(message))),
    cut: () => void socket.destroy(),
    stopReading: () => void socket.pause(),
    close: () => void socket.write(frame(close, Buffer.from([0x03, 0xe8]))),
  }
}
