import { deepStrictEqual } from 'node:assert/strict'
import mongoose from 'mongoose'
import { type Answer, normalised } from './servers.ts'

const { BSON } = mongoose.mongo

const noNamespace = 26
const noIndex = 27

type Reply = { readonly [field: string]: unknown }

/** Plain values: the model has one kind of number. */
const plain = (value: unknown): unknown => {
  // Zero has a sign in servers' doubles only.
  if (typeof value === 'number') return value + 0
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, plain(inner)]))
}

const relaxed = (reply: unknown): Reply =>
  plain(BSON.EJSON.parse(BSON.EJSON.stringify(reply as object, { relaxed: true }))) as Reply

const pick = (reply: Reply, fields: readonly string[]): Reply =>
  Object.fromEntries(fields.flatMap((field) => (reply[field] === undefined ? [] : [[field, reply[field]]])))

/** The part of a server's reply that the model knows. */
const known = (given: unknown): Reply => {
  const reply = given as Reply
  // Whether a failed upsert leaves an empty collection behind is not documented, so "no such collection" may be either.
  if (reply.code !== undefined) return { code: reply.code === noNamespace ? noIndex : reply.code }
  const { cursor, writeErrors } = reply as { cursor?: Reply; writeErrors?: readonly Reply[] }
  return {
    ...pick(reply, ['n', 'nModified', 'upserted', 'value', 'values']),
    ...(cursor !== undefined && { cursor: pick(cursor, ['firstBatch']) }),
    ...(writeErrors !== undefined && { writeErrors: writeErrors.map((error) => pick(error, ['index', 'code'])) }),
  }
}

/** Throws an AssertionError that shows both when a server's answers are not the model's. */
export const agrees = (answers: readonly Answer[], expected: readonly Reply[]): void => {
  for (const [index, { command, reply }] of answers.entries()) {
    const [actual, wanted] = [reply, expected[index]].map((one) => known(normalised(relaxed(one), command)))
    deepStrictEqual({ command, reply: actual }, { command, reply: wanted })
  }
}
