import type mongoose from 'mongoose'
import type { Document } from './testFile.ts'

/** What a server is: tests say on what they run. */
export type Environment = {
  readonly topology: 'single' | 'replicaset'
  readonly version: string
  readonly parameters: Document
}

/** Asks the server itself. */
export const readEnvironment = async (client: mongoose.mongo.MongoClient): Promise<Environment> => {
  const admin = client.db('admin')
  const { setName } = await admin.command({ hello: 1 })
  const { version } = await admin.command({ buildInfo: 1 })
  const parameters = await admin.command({ getParameter: '*' }).catch(() => ({}))
  return { topology: setName === undefined ? 'single' : 'replicaset', version, parameters }
}

const compareVersions = (one: string, other: string): number => {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number))
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

type Requirement = (wanted: never, environment: Environment) => string | undefined

const requirements: Readonly<Record<string, Requirement>> = {
  minServerVersion: (least: string, { version }) =>
    compareVersions(version, least) < 0 ? `needs version ${least}` : undefined,
  maxServerVersion: (most: string, { version }) =>
    compareVersions(version, most.replace('.99', '.9999')) > 0 ? `needs at most version ${most}` : undefined,
  topologies: (wanted: readonly string[], { topology }) =>
    wanted.includes(topology) ? undefined : `needs topology ${wanted.join(' or ')}`,
  serverParameters: (wanted: Document, { parameters }) => {
    const other = Object.entries(wanted).find(([name, value]) => parameters[name] !== value)
    return other === undefined ? undefined : `needs the server parameter ${other[0]}`
  },
  auth: (wanted: boolean) => (wanted ? 'needs authentication' : undefined),
  authMechanism: (wanted: string) => `needs authentication by ${wanted}`,
  csfle: (wanted: boolean) => (wanted ? 'needs client-side encryption' : undefined),
  serverless: (wanted: string) => (wanted === 'require' ? 'needs a serverless deployment' : undefined),
}

const unmet = (wanted: Document, environment: Environment): string | undefined => {
  for (const [name, value] of Object.entries(wanted)) {
    const requirement = requirements[name]
    const reason =
      requirement === undefined ? `has the unknown requirement ${name}` : requirement(value as never, environment)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Why tests with these alternative requirements do not run here; undefined when one alternative is met. */
export const notApplicable = (
  alternatives: readonly Document[] | undefined,
  environment: Environment,
): string | undefined => {
  if (alternatives === undefined || alternatives.length === 0) return undefined
  const reasons = alternatives.map((wanted) => unmet(wanted, environment))
  return reasons.includes(undefined) ? undefined : reasons.join('; ')
}
