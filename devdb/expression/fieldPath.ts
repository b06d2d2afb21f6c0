import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { Env, Expression } from './expression.ts'
import { constantOf } from './operands.ts'

/** Throws as MongoDB does for a name that cannot be one step of a field path. */
export const checkFieldName = (name: string): void => {
  if (name === '') throw location(15998, 'FieldPath field names may not be empty strings.')
  if (name.startsWith('$')) {
    throw location(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`)
  }
  if (name.includes('\0')) throw location(16411, 'FieldPath field names may not contain null bytes.')
  if (name.includes('.'))
    throw location(16412, "FieldPath field names may not contain '.'. Consider using $getField or $setField.")
}

/** The steps of a dotted path, each of them checked. */
export const parsePath = (path: string): string[] => {
  if (path === '') throw location(40352, 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) throw location(40353, "FieldPath must not end with a '.'.")
  const steps = path.split('.')
  for (const step of steps) checkFieldName(step)
  return steps
}

/** The value at a path: through an array, the array of what its documents have there (arrays within arrays have nothing). */
export const readPath = (node: Value | undefined, steps: readonly string[], depth = 0): Value | undefined => {
  const step = steps[depth]
  if (step === undefined || node === undefined) return node
  if (isDoc(node)) return readPath(getField(node, step), steps, depth + 1)
  return Array.isArray(node) ? readElements(node, steps, depth) : undefined
}

const readElements = (array: readonly Value[], steps: readonly string[], depth: number): Value[] => {
  const found: Value[] = []
  for (const element of array) {
    const value = isDoc(element) ? readPath(element, steps, depth) : undefined
    if (value !== undefined) found.push(value)
  }
  return found
}

const isNameStart = (unit: number): boolean => (unit >= 97 && unit <= 122) || unit >= 128

const isLetter = (unit: number): boolean => isNameStart(unit) || (unit >= 65 && unit <= 90)

const checkReadName = (name: string): void => {
  if (name === '') throw failure('FailedToParse', 'empty variable names are not allowed')
  if (!isLetter(name.charCodeAt(0))) {
    throw failure('FailedToParse', `'${name}' starts with an invalid character for a variable name`)
  }
  checkCharacters(name)
}

const checkCharacters = (name: string): void => {
  const invalid = /[^a-zA-Z0-9_\u0080-\uffff]/.exec(name)?.[0]
  if (invalid !== undefined) {
    throw failure('FailedToParse', `'${name}' contains an invalid character for a variable name: '${invalid}'`)
  }
}

/** Throws unless an expression or `let` may bind this name: it begins with a lower-case letter, or is CURRENT. */
export const checkVariableName = (name: string): void => {
  if (name === 'CURRENT') return
  if (name === '') throw failure('FailedToParse', 'empty variable names are not allowed')
  if (!isNameStart(name.charCodeAt(0))) {
    throw failure('FailedToParse', `'${name}' starts with an invalid character for a user variable name`)
  }
  checkCharacters(name)
}

type Read = (env: Env) => Value | undefined

const rootOf: Read = ({ root }) => root

const systemVariables: Readonly<Record<string, (scope: Scope) => Expression>> = {
  ROOT: () => ({ evaluate: rootOf, constant: false }),
  CURRENT: () => ({ evaluate: rootOf, constant: false }),
  NOW: ({ now }) => constantOf(now),
  REMOVE: () => constantOf(undefined),
  USER_ROLES: () => constantOf([]),
}

const variable = (name: string, scope: Scope, names: ReadonlySet<string>): Expression => {
  if (names.has(name)) return { evaluate: ({ variables }) => variables.get(name), constant: false }
  if (scope.variables.has(name)) return { evaluate: () => scope.variables.get(name), constant: false }
  if (Object.hasOwn(systemVariables, name)) return systemVariables[name]?.(scope) ?? constantOf(undefined)
  if (name === 'CLUSTER_TIME') throw location(51144, "Builtin variable '$$CLUSTER_TIME' is not available")
  throw location(17276, `Use of undefined variable: ${name}`)
}

const along = (start: Expression, path: string | undefined): Expression => {
  if (path === undefined) return start
  const steps = parsePath(path)
  const { evaluate, constant } = start
  const [only, ...others] = steps
  if (evaluate === rootOf && only !== undefined && others.length === 0) {
    return { evaluate: ({ root }) => (isDoc(root) ? getField(root as Doc, only) : readPath(root, steps)), constant }
  }
  if (constant) return constantOf(readPath(evaluate({ root: undefined, variables: new Map() }), steps))
  return { evaluate: (env) => readPath(evaluate(env), steps), constant }
}

/** Parses `"$a.b"`, `"$$name"` or `"$$name.a.b"`; a name neither the scope nor the expressions around it know is 17276. */
export const parseReference = (text: string, scope: Scope, names: ReadonlySet<string>): Expression => {
  if (text === '$') throw location(16872, "'$' by itself is not a valid FieldPath")
  if (!text.startsWith('$$')) return along(variable('CURRENT', scope, names), text.slice(1))
  const dot = text.indexOf('.')
  const name = text.slice(2, dot < 0 ? undefined : dot)
  checkReadName(name)
  return along(variable(name, scope, names), dot < 0 ? undefined : text.slice(dot + 1))
}
