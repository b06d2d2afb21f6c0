import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { isCurrency } from '#kernel/money.ts'

const bad = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

const textScalar = <T>(
  name: string,
  parse: (text: string) => T,
  serialize: (value: unknown) => string,
): GraphQLScalarType => {
  const parseValue = (value: unknown): T => {
    if (typeof value !== 'string') throw bad(`${name} must be a string.`)
    return parse(value)
  }
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue,
    parseLiteral: (node) => parseValue(node.kind === Kind.STRING ? node.value : null),
  })
}

const isoShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** `Date.parse` reads 30 February as 2 March. */
const isDay = (text: string): boolean => new Date(Date.parse(text)).toISOString().startsWith(text)

const parseDateTime = (text: string): number => {
  const parsed = isoShape.test(text) ? Date.parse(text) : Number.NaN
  const millis = Number.isNaN(parsed) || !isDay(text.slice(0, 10)) ? Number.NaN : parsed
  if (Number.isNaN(millis)) throw bad(`"${text.slice(0, 40)}" is not an ISO 8601 moment with a time zone.`)
  return millis
}

const parseDecimal = (text: string): string => {
  if (!/^-?\d{1,16}(\.\d{1,8})?$/.test(text))
    throw bad(`"${text.slice(0, 40)}" is not a decimal number such as "12.34".`)
  return text
}

const parseCurrency = (text: string): string => {
  if (!isCurrency(text)) throw bad(`"${text.slice(0, 10)}" is not an ISO 4217 currency code.`)
  return text
}

/** The scalars of `schema/shared.graphql`; inside the shop a moment is epoch milliseconds. */
export const sharedScalars = {
  DateTime: textScalar('DateTime', parseDateTime, (value) => new Date(value as number).toISOString()),
  Decimal: textScalar('Decimal', parseDecimal, String),
  CurrencyCode: textScalar('CurrencyCode', parseCurrency, String),
}
