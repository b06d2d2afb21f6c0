/** What others start with: Apollo Server's own HTTP server over Apollo's gateway and its own client, in production mode. */
import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { supergraphAt } from './supergraph.ts'

const [url = ''] = process.argv.slice(2)
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl: await supergraphAt(url) }) })
const started = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
console.log(JSON.stringify({ url: started.url.replace(/\/$/, '') }))
