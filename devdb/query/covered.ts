import type { Plan } from '../index/planner.ts'

/** Whether one index holds all the fields that are wanted of the documents: then none of them is looked at. */
export const isCovered = (plan: Plan, fields: readonly string[] | undefined): boolean => {
  if (plan.kind === 'collection' || !plan.exact || fields === undefined || plan.scans.length !== 1) return false
  const held = plan.scans[0]?.view
  if (held === undefined || held.collation !== undefined || held.multikey.includes(true)) return false
  return fields.every((path) => held.fields.some((field) => field.path === path && !field.hashed))
}
