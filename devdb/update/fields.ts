import { Timestamp } from 'bson'
import { show } from '../bson/show.ts'
import { isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { idOf, type MakeChange, structured } from './change.ts'
import { isDynamic } from './paths.ts'
import { arrayAbove, checkTraversable, checkViable, targetAt } from './places.ts'

const set: MakeChange = (_path, operand) => ({ apply: (target) => target.set(structured(operand)) })

const renameTarget = (path: string, operand: Value): string[] => {
  const shown = `${path}: ${show(operand)}`
  if (typeof operand !== 'string') throw failure('BadValue', `The 'to' field for $rename must be a string: ${shown}`)
  if (operand === '') throw failure('EmptyFieldName', 'An empty update path is not valid.')
  if (operand.includes('\0'))
    throw failure('BadValue', `The 'to' field for $rename cannot contain an embedded null byte: ${shown}`)
  if (operand === path) throw failure('BadValue', `The source and target field for $rename must differ: ${shown}`)
  const to = operand.split('.')
  if (to.includes(''))
    throw failure('EmptyFieldName', `The update path '${operand}' contains an empty field name, which is not allowed.`)
  if (isDynamic(path.split('.'))) throw failure('BadValue', `The source field for $rename may not be dynamic: ${path}`)
  if (isDynamic(to)) throw failure('BadValue', `The destination field for $rename may not be dynamic: ${operand}`)
  return to
}

const rename: MakeChange = (path, operand) => {
  const to = renameTarget(path, operand)
  const from = path.split('.')
  return {
    alsoAt: to,
    lenient: true,
    apply: (target, { doc }) => {
      checkTraversable(doc, from)
      const value = target.get()
      if (value === undefined) return
      for (const [role, parts] of [
        ['source', from],
        ['destination', to],
      ] as const) {
        const array = arrayAbove(doc, parts)
        if (array === undefined) continue
        throw failure(
          'BadValue',
          `The ${role} field cannot be an array element, '${parts.join('.')}' in doc with ${idOf(doc).slice(1, -1)} has an array field called '${array}'`,
        )
      }
      checkViable(doc, to)
      target.unset()
      targetAt(doc, to).set(value)
    },
  }
}

const dateTypeOf = (path: string, operand: Value): 'date' | 'timestamp' => {
  if (typeof operand === 'boolean') return 'date'
  if (!isDoc(operand)) {
    throw failure(
      'BadValue',
      `${kindOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}). (field '${path}')`,
    )
  }
  const unknown = Object.keys(operand).find((name) => name !== '$type')
  if (unknown !== undefined) throw failure('BadValue', `Unrecognized $currentDate option: ${unknown}`)
  const type = operand.$type
  if (type === 'date' || type === 'timestamp') return type
  throw failure(
    'BadValue',
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  )
}

const currentDate: MakeChange = (path, operand) => {
  const type = dateTypeOf(path, operand)
  return {
    apply: (target, { now }) =>
      target.set(type === 'date' ? now : new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 })),
  }
}

/** Operators that put, move or take away whole fields. */
export const fieldOperators: Readonly<Record<string, MakeChange>> = {
  $set: set,
  $setOnInsert: (path, operand, scope) => ({ ...set(path, operand, scope), onlyOnInsert: true }),
  $unset: () => ({ lenient: true, apply: (target) => target.unset() }),
  $rename: rename,
  $currentDate: currentDate,
}
