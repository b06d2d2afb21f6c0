import type { ExecutionResult } from 'graphql'
import type { PreparedOperation } from './operations.ts'

type ExecuteEvent = PreparedOperation['executeEvent']

/**
 * Lets equal events of equal public subscriptions share one result: while the first is being completed, the others wait for it instead of
 * doing the same again. They get the same object, so whoever sends it may write it down once.
 */
export const shareEvents = () => {
  const running = new Map<PreparedOperation, Map<string, Promise<ExecutionResult>>>()
  return (operation: PreparedOperation, variables: object, identity: string): ExecuteEvent => {
    const asked = `${identity}\n${JSON.stringify(variables)}\n`
    return (event, ...rest) => {
      const key = asked + JSON.stringify(event)
      const results = running.get(operation) ?? new Map<string, Promise<ExecutionResult>>()
      running.set(operation, results)
      const known = results.get(key)
      if (known) return known
      const result = operation.executeEvent(event, ...rest).finally(() => {
        results.delete(key)
        if (results.size === 0) running.delete(operation)
      })
      results.set(key, result)
      return result
    }
  }
}
