/** MongoDB's own error numbers; drivers and mongoose branch on these, so a code is never invented here. */
const codes = {
  InternalError: 1,
  BadValue: 2,
  GraphContainsCycle: 5,
  FailedToParse: 9,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  CannotBackfillArray: 34,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  NotExactValueField: 55,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  WriteConcernFailed: 64,
  IncompatibleCollationVersion: 161,
  ViewDepthLimitExceeded: 165,
  OptionNotSupportedOnView: 167,
  CannotIndexParallelArrays: 171,
  InvalidIndexSpecificationOption: 197,
  QueryFeatureNotAllowed: 224,
  TransactionTooOld: 225,
  SnapshotTooOld: 239,
  NoSuchTransaction: 251,
  TransactionCommitted: 256,
  WriteConflict: 112,
  IncompleteTransactionHistory: 217,
  OutOfDiskSpace: 14031,
  InterruptedAtShutdown: 11600,
  InvalidUUID: 207,
  UnsatisfiableWriteConcern: 100,
  NotWritablePrimary: 10107,
  Interrupted: 11601,
  FailPointSetFailed: 266,
  NotAReplicaSet: 123,
  ClusterTimeFailsRateLimiter: 205,
  NotImplemented: 238,
  OperationNotSupportedInTransaction: 263,
  CappedPositionLost: 136,
  ExceededMemoryLimit: 146,
  QueryPlanKilled: 175,
  CursorKilled: 237,
  InvalidResumeToken: 260,
  ChangeStreamFatalError: 280,
  ChangeStreamHistoryLost: 286,
  NoMatchingDocument: 47,
  APIVersionError: 322,
  APIStrictError: 323,
  CursorInUse: 12051,
  Unauthorized: 13,
  OperationFailed: 96,
  AlreadyInitialized: 23,
  NoReplicationEnabled: 76,
  IDLUnknownField: 40415,
  AuthenticationFailed: 18,
  IndexAlreadyExists: 68,
  DocumentValidationFailure: 121,
  CommandNotSupportedOnView: 166,
  CannotConvertIndexToUnique: 359,
  DatabaseDifferCase: 13297,
  BSONObjectTooLarge: 10334,
  NoSuchKey: 4,
  DurationOverflow: 159,
  NoQueryExecutionPlans: 291,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  AmbiguousIndexKeyPattern: 181,
  DuplicateKey: 11000,
  InvalidPipelineOperator: 168,
  ConversionFailure: 241,
} as const

export type CodeName = keyof typeof codes

export const codeNames: ReadonlyMap<number, string> = new Map(Object.entries(codes).map(([name, code]) => [code, name]))

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
