import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, isDoc, setField, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { type Expression, envOf, parseExpression } from '../expression/expression.ts'
import type { Scope } from '../query/scope.ts'
import type { ParseStage } from './stage.ts'

type Redaction = { readonly expression: Expression; readonly scope: Scope; readonly root: Doc }

const descend = (value: Value, redaction: Redaction): Value | undefined => {
  if (Array.isArray(value)) return value.map((item) => descend(item, redaction)).filter((item) => item !== undefined)
  return isDoc(value) ? redacted(value, redaction) : value
}

const redacted = (doc: Doc, redaction: Redaction): Doc | undefined => {
  const { expression, scope, root } = redaction
  scope.variables.set('CURRENT', doc)
  const decision = expression.evaluate(envOf(root))
  if (decision === 'keep') return doc
  if (decision === 'prune') return undefined
  if (decision !== 'descend')
    throw location(
      17053,
      `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${show(decision)}`,
    )
  const result: Doc = {}
  for (const [name, value] of fieldsOf(doc)) {
    const kept = descend(value, redaction)
    if (kept !== undefined) setField(result, name, kept)
  }
  return result
}

/** `$redact`: an expression decides for each (sub)document whether it is kept, left out or gone into. */
export const redactStage: ParseStage = (spec, { scope }) => {
  const decisions: [string, Value][] = [
    ['KEEP', 'keep'],
    ['DESCEND', 'descend'],
    ['PRUNE', 'prune'],
    ['CURRENT', null],
  ]
  const inner: Scope = { ...scope, variables: new Map([...scope.variables, ...decisions]) }
  const expression = parseExpression(spec, inner)
  return {
    run: function* (rows) {
      for (const [name, value] of scope.variables) inner.variables.set(name, value)
      for (const root of rows) {
        const kept = redacted(root, { expression, scope: inner, root })
        if (kept !== undefined) yield kept
      }
    },
  }
}
