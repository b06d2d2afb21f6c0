import { type Line, openLine } from './line.ts'

/** What a watcher subscribes to. */
export interface Watching {
  readonly query: string
  /** For the number that was seen last; null at first. */
  readonly variables: (after: number | null) => object
  /** The number in an event's data. */
  readonly seqOf: (data: Record<string, { seq: number }>) => number
}

export interface WatcherOptions extends Watching {
  readonly url: string
  readonly token: string
  readonly onEvent: (seq: number, at: number) => void
}

/** One subscriber on a socket of its own, as lean as can be: ten thousand of them share this process. */
export const makeWatcher = ({ url, token, query, variables, seqOf, onEvent }: WatcherOptions) => {
  let line: Line | null = null
  let seq: number | null = null
  let isClosed = false
  /** What the gateway said when it ended the subscription. */
  let ended: string | null = null
  const init = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })

  /**
   * Resolves with the first event: from then on it is served. Whoever goes on from a number has nothing to hear when nothing has
   * changed; then the answer to a ping behind the subscription has to do.
   */
  const join = (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    isClosed = false
    ended = null
    const own = openLine({
      url,
      protocol: 'graphql-transport-ws',
      onOpen: () => own.send(init),
      onText: (text) => {
        const { type, payload } = JSON.parse(text)
        if (type === 'connection_ack') {
          own.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: variables(seq) } }))
          if (seq !== null) own.send('{"type":"ping"}')
        } else if (type === 'pong') resolve()
        else if (type === 'next' && payload.data) {
          seq = seqOf(payload.data)
          onEvent(seq, performance.now())
          resolve()
        } else {
          ended = `${type} ${JSON.stringify(payload ?? null).slice(0, 300)}`
          reject(new Error(ended))
          // Whoever is refused comes again on another socket.
          own.close()
        }
      },
      onClose: (reason) => {
        if (line === own) isClosed = true
        reject(new Error(reason))
      },
    })
    line = own
    return promise
  }

  return {
    join,
    seq: (): number | null => seq,
    ended: (): string | null => ended,
    isClosed: (): boolean => isClosed,
    /** The network is gone. */
    cut: (): void => line?.cut(),
    /** It stays connected and reads no more. */
    stopReading: (): void => line?.stopReading(),
    close: (): void => line?.close(),
  }
}

export type Watcher = ReturnType<typeof makeWatcher>
