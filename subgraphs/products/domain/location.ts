import { type Problem, refuseIfAny } from '#kernel/errors.ts'

/** A place that stock is kept at. The code is its id. */
export interface Location {
  readonly _id: string
  readonly v: number
  readonly name: string
  /** Lower ones are taken from first. */
  readonly priority: number
  /** False: its units are not for sale. */
  readonly isActive: boolean
}

/** What a shop has that knows of one place only: every variant has stock there, and it stays active. */
export const mainLocation: Location = { _id: 'main', v: 1, name: 'Main', priority: 100, isActive: true }

/** Most locations of a shop: a variant's stock at all of them is read at once. */
export const maxLocations = 100

const maxPriority = 1_000

export interface LocationContent {
  readonly name?: string | null
  readonly priority?: number | null
  readonly isActive?: boolean | null
}

const bad = (field: string, message: string): Problem => ({ code: 'BAD_USER_INPUT', message, field: ['input', field] })

const contentProblems = ({ name, priority }: LocationContent): Problem[] => [
  ...(name != null && (name.trim() === '' || name.length > 100)
    ? [bad('name', 'A name has 1 to 100 characters.')]
    : []),
  ...(priority != null && (priority < 0 || priority > maxPriority)
    ? [bad('priority', `A priority is 0 to ${maxPriority}.`)]
    : []),
]

const isCode = (code: string): boolean => code.length <= 40 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code)

/** @throws ShopError BAD_USER_INPUT with everything that is wrong. */
export const createLocation = (code: string, content: LocationContent & { readonly name: string }): Location => {
  refuseIfAny([
    ...(isCode(code) ? [] : [bad('code', 'A code has 1 to 40 lower-case letters, digits and single hyphens.')]),
    ...contentProblems(content),
  ])
  return { ...mainLocation, _id: code, name: content.name, priority: content.priority ?? mainLocation.priority }
}

/**
 * The very same location when nothing differs.
 * @throws ShopError BAD_USER_INPUT with everything that is wrong.
 */
export const changeLocation = (location: Location, content: LocationContent): Location => {
  const closesMain = content.isActive === false && location._id === mainLocation._id
  refuseIfAny([
    ...contentProblems(content),
    ...(closesMain ? [bad('isActive', 'New stock goes to this location: it stays active.')] : []),
  ])
  const changed = {
    ...location,
    name: content.name ?? location.name,
    priority: content.priority ?? location.priority,
    isActive: content.isActive ?? location.isActive,
  }
  const { name, priority, isActive } = location
  const isSame = changed.name === name && changed.priority === priority && changed.isActive === isActive
  return isSame ? location : changed
}
