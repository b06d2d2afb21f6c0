/** MongoDB's own error numbers; drivers and mongoose branch on these, so a code is never invented here. */
const codes = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  WriteConcernFailed: 64,
  CannotIndexParallelArrays: 171,
  InvalidIndexSpecificationOption: 197,
  TransactionTooOld: 225,
  NotImplemented: 238,
  OperationNotSupportedInTransaction: 263,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  InvalidPipelineOperator: 168,
} as const

export type CodeName = keyof typeof codes

export type MongoFailure = Error & {
  readonly code: number
  readonly codeName: string
  readonly details: Readonly<Record<string, unknown>>
}

export class MongoError extends Error {
  readonly code: number
  readonly codeName: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: number, codeName: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.codeName = codeName
    this.details = details
  }
}

/** An error MongoDB names; `details` are further fields of the reply (keyPattern, keyValue). */
export const failure = (name: CodeName, message: string, details?: Readonly<Record<string, unknown>>): MongoError =>
  new MongoError(codes[name], name, message, details)

/** MongoDB numbers many assertions without a name and calls those `Location<number>`. */
export const location = (code: number, message: string): MongoError => new MongoError(code, `Location${code}`, message)

/** A feature MongoDB has and this server has not: it must never be ignored silently. */
export const unsupported = (feature: string): MongoError =>
  failure('NotImplemented', `${feature} is not supported by devdb`)

/** Bytes that are no BSON or no message: the connection they came from is closed, the process lives on. */
export class MalformedError extends Error {}
