import type { IncomingMessage, ServerResponse } from 'node:http'

/** A body that is larger than allowed. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * @throws BodyTooLarge as soon as more than `limit` bytes have come. The rest is read and thrown away, within the time that a request may
 *   take: on a connection where it rested, the next request, of another client behind the same proxy, would wait in vain.
 */
export const readBody = async (request: IncomingMessage, limit: number): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) break
    chunks.push(chunk)
  }
  if (size <= limit) return Buffer.concat(chunks).toString('utf8')
  request.resume()
  throw new BodyTooLarge(`The body is larger than ${limit} bytes.`)
}

export const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  const text = JSON.stringify(value)
  // With its length it leaves in one piece; otherwise Node cuts it into chunks, which costs several writes.
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) }
  response.writeHead(status, headers).end(text)
}
