import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../../gateway/fixtures/market/supergraph.graphql')

/** The graph of the benchmark, with its subgraphs at an address. */
export const supergraphAt = async (url: string): Promise<string> =>
  (await readFile(file, 'utf8')).replaceAll('"http://', `"${url}/`)
