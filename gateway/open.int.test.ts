import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '#platform/config.ts'
import { makeMarket, readMarket } from './fixtures/market.ts'
import { readOpenArguments, startOpenGateway } from './open.ts'

const env = { PORT: '0' }

/** The market over HTTP: each subgraph under a path of its own. */
const serveMarket = async () => {
  const market = await makeMarket()
  const calls: { subgraph: string; headers: readonly string[] }[] = []
  const server = createServer(async (request, response) => {
    const subgraph = request.url?.slice(1) ?? ''
    calls.push({ subgraph, headers: Object.keys(request.headers) })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString())
    response.end(JSON.stringify(await market.execute(subgraph, query, variables)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const folder = await mkdtemp(join(tmpdir(), 'emporion-open-'))
  const file = join(folder, 'supergraph.graphql')
  await writeFile(file, (await readMarket()).replaceAll('http://', `http://127.0.0.1:${port}/`))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  })
  return { file, calls }
}

test('given any supergraph file, when a query spans its subgraphs, then it is answered, over plain calls that name nobody', async () => {
  const { file, calls } = await serveMarket()
  const gateway = await startOpenGateway(file, readConfig(env, ['gateway']))
  onTestFinished(gateway.stop)
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ orders { id shipping customer { name } items { product { title stock } } } }' }),
  })
  expect(await response.json()).toMatchObject({ data: { orders: expect.any(Array) } })
  expect(new Set(calls.map(({ subgraph }) => subgraph))).toEqual(new Set(['orders', 'products', 'shipping', 'users']))
  expect(calls.flatMap(({ headers }) => headers).filter((name) => name.startsWith('x-'))).toEqual([])
})

test('given production, when the open gateway is started, then it refuses (threat: operations)', async () => {
  const { file } = await serveMarket()
  const production = { ...readConfig(env, ['gateway']), production: true }
  await expect(startOpenGateway(file, production)).rejects.toThrow('refused in production')
})

test.each([
  ['a file that is not there', ['gateway', '--supergraph', '/nowhere', '--open'], 'cannot be read'],
  ['no --open', ['gateway', '--supergraph', 'file'], 'gateway --supergraph FILE --open'],
  ['another unit', ['orders', '--supergraph', 'file', '--open'], 'gateway --supergraph FILE --open'],
  ['an option that there is not', ['--closed'], 'gateway --supergraph FILE --open'],
])('given %s, when it is started, then one sentence says what is wrong', async (_what, args, sentence) => {
  const start = async () => startOpenGateway(readOpenArguments(args), readConfig(env, ['gateway']))
  await expect(start()).rejects.toThrow(sentence)
})
