import { layerRules } from './layers.ts'
import { moduleRules } from './modules.ts'
import type { Rule } from './repository.ts'
import { requiresRules } from './requires.ts'
import { roomRules } from './rooms.ts'
import { wordRules } from './words.ts'

export const rules: readonly Rule[] = [...roomRules, ...layerRules, ...moduleRules, ...wordRules, ...requiresRules]

/** Files that nobody wrote, to see a rule fail where it must and hold where it may. */
export interface MadeUp {
  readonly rule: string
  readonly why: string
  readonly files: Readonly<Record<string, string>>
}

const bare = {
  'subgraphs/cart/index.ts': '',
  'subgraphs/index.ts': "export const cart = () => import('./cart/index.ts')",
}
const manifest = '{ "dependencies": { "pino": "1" }, "devDependencies": { "vitest": "1" } }'
const rooms = 'a room imports only the rooms it may know'
const programs = 'nobody imports start.ts or codegen.ts, not even a test'
const layers = 'inside a subgraph imports go downwards'
const domain = 'a domain knows the kernel and itself'
const pure = 'domain and service are given clock, ids and randomness'
const plan = 'every subgraph keeps to the floor plan'
const registry = 'registry, folders and subgraphNames agree'
const generated = 'generated code is imported as types only'
const cycles = 'values are not imported in a circle'
const barrels = 'no file hands on what another has'
const names = 'names say something'
const keepers = 'mongoose, ioredis and the Elastic-2.0 packages stay in their files'
const loading = 'a process without a database does not load its client'
const packages = 'a file imports what package.json installs for it'
const environment = 'only the configuration reads the environment'
const described = 'every type and field of the schema is described'
const required = 'a field is required with the same arguments everywhere'
const leftOver = 'nothing is left to do in a comment'
const console = 'only programs write to the console'
const reasons = 'DEPENDENCIES.md gives a reason for each dependency'

const one = (rule: string, why: string, path: string, text: string): MadeUp => ({ rule, why, files: { [path]: text } })

/** Each of these breaks its rule. */
export const breaking: readonly MadeUp[] = [
  one(rooms, 'the kernel with a package', 'platform/kernel/id.ts', "import { randomBytes } from 'node:crypto'"),
  one(rooms, 'the kernel with the platform', 'platform/kernel/id.ts', "import { log } from '../log.ts'"),
  one(
    rooms,
    'the platform with a subgraph',
    'platform/log.ts',
    "import type { Cart } from '../subgraphs/cart/domain/cart.ts'",
  ),
  one(rooms, 'a subgraph with a sibling', 'subgraphs/cart/service.ts', "import { pay } from '../payments/service.ts'"),
  one(
    rooms,
    'the types of a sibling',
    'subgraphs/cart/service.ts',
    "import type { Pay } from '../payments/domain/pay.ts'",
  ),
  one(
    rooms,
    "a sibling's events as a value",
    'subgraphs/cart/consumers.ts',
    "import { type Paid } from '../payments/events.ts'",
  ),
  one(
    rooms,
    'a subgraph with the gateway',
    'subgraphs/cart/service.ts',
    "import { auth } from '../../gateway/auth.ts'",
  ),
  one(rooms, 'the gateway with a subgraph', 'gateway/auth.ts', "import { users } from '../subgraphs/users/index.ts'"),
  one(rooms, 'the gateway with the registry', 'gateway/index.ts', "import { subgraphs } from '../subgraphs/index.ts'"),
  one(rooms, 'the workers with a subgraph', 'workers/index.ts', "import { cart } from '../subgraphs/cart/index.ts'"),
  one(rooms, 'a registry that loads everything', 'subgraphs/index.ts', "import { cart } from './cart/index.ts'"),
  one(rooms, 'the embedded database with ours', 'devdb/server.ts', "import { makeLog } from '#platform/log.ts'"),
  one(rooms, 'the sandbox provider with ours', 'provider/server.ts', "import { makeLog } from '#platform/log.ts'"),
  one(
    rooms,
    'a subgraph with the provider',
    'subgraphs/payments/sandbox/line.ts',
    "import { x } from '../../../provider/charge.ts'",
  ),
  one(
    rooms,
    'commands inside',
    'subgraphs/products/service.ts',
    "import { sellers } from '../../commands/seed/sellers.ts'",
  ),
  one(
    rooms,
    'a command with the inside of a subgraph',
    'commands/tour/main.ts',
    "import { m } from '../../subgraphs/cart/model.ts'",
  ),
  one(rooms, 'tests in what runs', 'platform/log.ts', "import { shop } from '../tests/shop.ts'"),
  one(rooms, 'a contract in what runs', 'platform/bus/memory.ts', "import { busContract } from './contract.ts'"),
  one(rooms, 'an example with what is inside', 'examples/client/shop.ts', "import { money } from '#kernel/money.ts'"),
  one(rooms, 'an unknown room', 'extras/thing.ts', ''),
  one(rooms, 'an import inside a function', 'gateway/auth.ts', "const x = await import('../subgraphs/users/index.ts')"),
  one(programs, 'a test that imports start.ts', 'tests/e2e/shop.e2e.ts', "import '../../start.ts'"),
  one(programs, 'codegen as a library', 'shop.ts', "import { compose } from './codegen.ts'"),
  one(layers, 'a model that knows the service', 'subgraphs/cart/model.ts', "import { add } from './service.ts'"),
  one(layers, 'also as a type', 'subgraphs/cart/model/carts.ts', "import type { Add } from '../service/lines.ts'"),
  one(layers, 'resolvers with the model', 'subgraphs/cart/resolvers.ts', "import { carts } from './model.ts'"),
  one(layers, 'a job with the model', 'subgraphs/cart/jobs.ts', "import type { Carts } from './model.ts'"),
  one(
    layers,
    'an adapter called from a service',
    'subgraphs/users/service.ts',
    "import { makePasswords } from './passwords.ts'",
  ),
  one(
    layers,
    'published events that show the inside',
    'subgraphs/cart/events.ts',
    "import type { C } from './domain/cart.ts'",
  ),
  one(domain, 'a domain with a package', 'subgraphs/cart/domain/cart.ts', "import { Schema } from 'mongoose'"),
  one(
    domain,
    'a domain with the platform',
    'subgraphs/cart/domain/cart.ts',
    "import type { Log } from '#platform/log.ts'",
  ),
  one(pure, 'a domain with a clock', 'subgraphs/cart/domain/cart.ts', 'export const now = () => Date.now()'),
  one(pure, 'a clock inside a template', 'subgraphs/cart/service.ts', `const id = \`cart-\${Date.now()}\``),
  one(pure, 'a service that throws dice', 'subgraphs/cart/service/lines.ts', 'const chance = Math.random()'),
  one(pure, 'a service that makes ids', 'subgraphs/cart/service.ts', 'const id = randomUUID()'),
  one(plan, 'a file of its own kind', 'subgraphs/cart/cartStuff.ts', ''),
  one(plan, 'a file of another subgraph', 'subgraphs/cart/passwords.ts', ''),
  {
    rule: plan,
    why: 'a file and a folder',
    files: { 'subgraphs/cart/service.ts': '', 'subgraphs/cart/service/lines.ts': '' },
  },
  { rule: registry, why: 'a folder without a line', files: { ...bare, 'subgraphs/reviews/index.ts': '' } },
  { rule: registry, why: 'subgraphs without a folder', files: bare },
  one(generated, 'as a value', 'subgraphs/cart/resolvers.ts', "import { type Cart } from './schema.generated.ts'"),
  { rule: cycles, why: 'two files', files: { 'a.ts': "import './b.ts'", 'b.ts': "import { type A } from './a.ts'" } },
  {
    rule: cycles,
    why: 'three files behind a fourth',
    files: {
      '1.ts': "import './a.ts'",
      'a.ts': "import './b.ts'",
      'b.ts': "import './c.ts'",
      'c.ts': "import './a.ts'",
    },
  },
  one(barrels, 'everything of another', 'platform/kernel/all.ts', "export * from './money.ts'"),
  one(barrels, 'one name of another', 'gateway/auth.ts', "export { Viewer } from '#platform/auth.ts'"),
  one(barrels, 'an index of a folder', 'platform/bus/index.ts', ''),
  one(names, 'a drawer', 'platform/utils.ts', ''),
  one(names, 'a drawer for one thing', 'subgraphs/cart/domain/priceHelpers.ts', ''),
  one(names, 'a folder', 'gateway/common/cors.ts', ''),
  one(names, 'a manager', 'platform/SessionManager.ts', ''),
  {
    rule: loading,
    why: 'two files away from the gateway',
    files: {
      'gateway/index.ts': "import { copies } from '#platform/copies.ts'",
      'platform/copies.ts': "import { connect } from './mongo.ts'",
      'platform/mongo.ts': "import mongoose from 'mongoose'",
    },
  },
  one(keepers, 'mongoose in a service', 'subgraphs/cart/service.ts', "import type { Model } from 'mongoose'"),
  one(keepers, 'a client of Redis besides', 'platform/cache/redis.ts', "import { Redis } from 'ioredis'"),
  one(keepers, 'the gateway elsewhere', 'gateway/index.ts', "import { ApolloGateway } from '@apollo/gateway'"),
  one(keepers, 'the planner in a test', 'tests/plan.test.ts', "import { QueryPlanner } from '@apollo/query-planner'"),
  one(
    keepers,
    'composition when it runs',
    'platform/subgraph.ts',
    "import { compose } from '@apollo/composition/x.js'",
  ),
  {
    rule: packages,
    why: 'a tool in what runs',
    files: { 'package.json': manifest, 'platform/log.ts': "import { it } from 'vitest'" },
  },
  {
    rule: packages,
    why: 'not installed',
    files: { 'package.json': manifest, 'a.test.ts': "import x from 'left-pad'" },
  },
  one(environment, 'a service', 'subgraphs/cart/service.ts', 'const url = process.env.MONGODB_URL'),
  one(environment, 'inside a template', 'platform/log.ts', `const url = \`x\${process.env.URL}\``),
  one(environment, 'a start that looks for itself', 'start/main.ts', 'readConfig(process.env); process.env.PORT'),
  one(environment, 'somebody else who reads the configuration', 'platform/log.ts', 'readConfig(process.env)'),
  one(environment, 'a test with a switch of its own', 'tests/e2e/a.e2e.ts', 'const slow = process.env.SLOW'),
  one(environment, 'under another name', 'platform/log.ts', "import { env } from 'node:process'"),
  one(described, 'a type', 'subgraphs/cart/schema.graphql', 'type Cart { "The id." id: ID! }'),
  one(described, 'a field', 'subgraphs/cart/schema.graphql', '"A cart." type Cart { id: ID! }'),
  one(described, 'a field of a root type', 'subgraphs/cart/schema.graphql', 'type Query { cart: ID }'),
  one(described, 'a value', 'schema/shared.graphql', '"Why." enum Code { NOT_FOUND }'),
  one(described, 'an argument in an input', 'schema/shared.graphql', '"Money." input MoneyInput { amount: Int }'),
  one(
    required,
    'two prices of one type',
    'subgraphs/cart/schema.graphql',
    'type Line { a: Int @requires(fields: "price(currency: EUR)") b: Int @requires(fields: "price(currency: USD)") }',
  ),
  {
    rule: required,
    why: 'in two subgraphs, nested and under another name',
    files: {
      'subgraphs/cart/schema.graphql': 'type Line { a: Int @requires(fields: "variant { price(of: 1) }") }',
      'subgraphs/orders/schema.graphql': 'extend type Line { b: Int @requires(fields: "variant { p: price }") }',
    },
  },
  one(leftOver, 'in code', 'platform/log.ts', '// TODO: colours'),
  one(leftOver, 'in prose', 'docs/architecture.md', 'FIXME: draw it'),
  one(console, 'a service', 'subgraphs/cart/service.ts', 'console.log(cart)'),
  one(console, 'a test', 'gateway/auth.test.ts', "console.warn('hm')"),
  { rule: reasons, why: 'no file', files: { 'package.json': manifest } },
  { rule: reasons, why: 'one missing', files: { 'package.json': manifest, 'DEPENDENCIES.md': '- `pino`: log lines' } },
]

/** Each of these is what an exception is for. */
export const keeping: readonly MadeUp[] = [
  one(
    rooms,
    "a sibling's published types",
    'subgraphs/cart/consumers.ts',
    "import type { Paid } from '../payments/events.ts'",
  ),
  one(rooms, 'the registry, lazily', 'subgraphs/index.ts', "export const cart = () => import('./cart/index.ts')"),
  one(rooms, 'a package', 'gateway/http.ts', "import { ApolloServer } from '@apollo/server'"),
  one(rooms, 'a test of anything', 'gateway/auth.test.ts', "import { shop } from '../tests/shop.ts'"),
  one(rooms, 'an import in a comment', 'platform/log.ts', "/*\nimport { x } from '../gateway/auth.ts'\n*/"),
  one(rooms, 'an import in a text', 'platform/log.ts', 'const text = "import(\'../gateway/auth.ts\')"'),
  one(
    layers,
    'a folder of the same name',
    'subgraphs/cart/service/lines.ts',
    "import { carts } from '../model/carts.ts'",
  ),
  one(layers, 'an adapter as a port', 'subgraphs/users/service.ts', "import type { Passwords } from './passwords.ts'"),
  one(layers, 'types for resolvers', 'subgraphs/cart/parents.ts', "import type { Loaders } from './loaders.ts'"),
  one(pure, 'a clock in a comment', 'subgraphs/cart/service.ts', '// not Date.now(): the clock is given'),
  one(
    pure,
    'a date out of a number',
    'subgraphs/cart/domain/cart.ts',
    'export const at = (ms: number) => new Date(ms)',
  ),
  one(plan, 'a test beside the code', 'subgraphs/cart/shopping.int.test.ts', ''),
  one(cycles, 'a file on its own', 'a.ts', ''),
  { rule: cycles, why: 'types only', files: { 'a.ts': "import './b.ts'", 'b.ts': "import type { A } from './a.ts'" } },
  {
    rule: loading,
    why: 'loaded where it runs',
    files: {
      'start/main.ts': "import { startShop } from '../shop.ts'",
      'shop.ts': "const { start } = await import('./shop/databaseUnits.ts')",
      'shop/databaseUnits.ts': "import mongoose from 'mongoose'",
    },
  },
  one(keepers, 'a model', 'subgraphs/cart/model/carts.ts', "import { Schema } from 'mongoose'"),
  one(
    keepers,
    'the one file that plans',
    'gateway/execution/planner.ts',
    "import { QueryPlanner } from '@apollo/query-planner'",
  ),
  one(environment, 'handed over', 'start/main.ts', 'const config = readConfig(process.env, units)'),
  one(
    environment,
    'passed to a child',
    'tests/e2e/a.e2e.ts',
    "spawn('node', [], { env: { ...process.env, PORT: '0' } })",
  ),
  one(
    required,
    'the same argument twice, and one field of two types',
    'subgraphs/cart/schema.graphql',
    'type A { a: Int @requires(fields: "p(of: 1)") b: Int @requires(fields: "p(of: 1)") } type B { a: Int @requires(fields: "p(of: 2)") }',
  ),
  one(described, 'an extension', 'subgraphs/cart/schema.graphql', 'extend type Query { "The cart." cart: ID }'),
  one(leftOver, 'in a text', 'platform/log.ts', "const word = 'TODO'"),
  one(console, 'a command', 'commands/tour/main.ts', "console.log('hello')"),
]
