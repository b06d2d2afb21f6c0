import { type ErrorCode, isShopError, type Problem } from '#kernel/errors.ts'
import { type Role, requireRole, requireService, requireShopper, type Shopper, type User, type Viewer } from './auth.ts'
import type { RequestContext } from './context.ts'
import { metrics } from './metrics/table.ts'

/** Who may run a mutation. Default deny: a mutation without a guard is refused at start. */
export type Guard<V extends Viewer> = (viewer: Viewer) => V

export const anyone: Guard<Viewer> = (viewer) => viewer
export const shopper: Guard<Shopper> = requireShopper
export const user =
  (...roles: readonly Role[]): Guard<User> =>
  (viewer) =>
    requireRole(viewer, ...roles)
export const only =
  (...services: readonly string[]): Guard<Viewer> =>
  (viewer) => {
    requireService(viewer, ...services)
    return viewer
  }

interface UserErrors {
  readonly userErrors: { code: ErrorCode; message: string; field?: string[] }[]
}

/** The form of a problem in a payload. */
const toUserErrors = (problems: readonly Problem[]): UserErrors['userErrors'] => {
  const [first] = problems
  if (first) metrics.refusals.inc({ code: first.code })
  return problems.map(({ code, message, field }) => ({ code, message, ...(field && { field: [...field] }) }))
}

const guarded = Symbol('guarded mutation')

const isBranded = (resolver: unknown): boolean => typeof resolver === 'function' && guarded in resolver

/**
 * Makes the resolver of a mutation: checks the guard, runs the use case, and answers refusals as `userErrors` beside `refused`
 * (a value or a function of the arguments, for payloads that show the present state also when refused).
 */
export const mutation = <
  V extends Viewer,
  Args,
  Context extends RequestContext,
  Payload extends object,
  Refused extends object,
>(
  guard: Guard<V>,
  refused: Refused | ((args: Args, context: Context) => Promise<Refused>),
  run: (args: Args, viewer: V, context: Context) => Promise<Payload & { userErrors?: readonly Problem[] }>,
) => {
  const resolver = async (
    _parent: unknown,
    args: Args,
    context: Context,
  ): Promise<(Payload | Refused) & UserErrors> => {
    try {
      const payload = await run(args, guard(context.viewer), context)
      return { ...payload, userErrors: toUserErrors(payload.userErrors ?? []) }
    } catch (error) {
      if (!isShopError(error)) throw error
      const rest = typeof refused === 'function' ? await refused(args, context) : refused
      return { ...rest, userErrors: toUserErrors(error.problems) }
    }
  }
  return Object.assign(resolver, { [guarded]: true as const })
}

/** The names of mutations that were not made by `mutation`: there must be none. */
export const unguardedMutations = (mutations: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(mutations).flatMap(([name, resolver]) => (isBranded(resolver) ? [] : [name]))

type Fields<T> = Exclude<keyof T, '__typename' | '__isTypeOf' | '__resolveReference'>

/**
 * The resolvers that the schema needs and its parent types do not already answer: a missing one is a compile error.
 * `Parents` is the generated `ResolversParentTypes`.
 */
export type Complete<Resolvers, Parents> = {
  [T in keyof Resolvers as T extends keyof Parents
    ? Parents[T] extends object
      ? T
      : never
    : never]: T extends keyof Parents ? CompleteType<NonNullable<Resolvers[T]>, Parents[T]> : never
} extends infer All
  ? { [T in keyof All as object extends All[T] ? never : T]-?: All[T] } & {
      [T in keyof All as object extends All[T] ? T : never]?: All[T]
    }
  : never

type CompleteType<Type, Parent> = {
  [F in Fields<Type> as F extends keyof Parent ? never : F]-?: NonNullable<Type[F]>
} & { [F in keyof Type as F extends keyof Parent ? F : F extends '__resolveReference' ? F : never]?: Type[F] }
