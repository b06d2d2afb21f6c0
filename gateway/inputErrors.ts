/**
 * What graphql-js says about input that does not fit, without the input: it would echo passwords and tokens that somebody put into the
 * wrong place, into answers and into whatever writes answers down. Names of the graph stay.
 */

const variable = /^Variable "(\$\w+)" got invalid value/
const place = /^Variable "\$(\w+)" got invalid value [\s\S]*? at "(\1[\w.[\]]*)"; /
/** The one reason that tells nothing but names of the graph. */
const missing = /Field "(\w+)" of required type "([\w![\]]+)" was not provided\.$/

const aboutVariable = (message: string, name: string): string => {
  const where = place.exec(message)?.[2]
  const field = missing.exec(message)
  const reason = field ? `field "${field[1]}" of type "${field[2]}" is missing` : 'it does not fit its type'
  return `Variable "${name}" got an invalid value${where ? ` at "${where}"` : ''}: ${reason}.`
}

/** Patterns of values in literals, syntax and names of operations, and what is left of them. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^(\w+|Enum "\w+") cannot represent [\s\S]*$/, '$1 cannot represent this value.'],
  [/^(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.'],
  [/^Value [\s\S]* does not exist in ("\w+" enum)[\s\S]*$/, 'This value does not exist in $1.'],
  [/^(Syntax Error: [\s\S]*?(?:Unexpected|found) (?:Name|String|BlockString|Int|Float)) [\s\S]*$/, '$1.'],
  [
    /^(Syntax Error: (?:Unexpected character|Invalid number|Invalid Unicode escape sequence|Invalid character escape sequence))[\s\S]*$/,
    '$1.',
  ],
  [/^Unknown operation named [\s\S]*$/, 'There is no operation of this name.'],
]

/** The message without values that a client sent. */
export const withoutInput = (message: string): string => {
  const name = variable.exec(message)?.[1]
  if (name) return aboutVariable(message, name)
  const found = others.find(([pattern]) => pattern.test(message))
  return found ? message.replace(...found) : message
}
