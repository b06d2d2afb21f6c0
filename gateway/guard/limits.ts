import { hours, seconds } from '#kernel/time.ts'

/**
 * Every number that bounds what one request may ask of the gateway, in one place. Sources: "table" is the parameters table of
 * docs/promises.md; the others say themselves why they are what they are. Connections and headers are bounded in
 * platform/listen.ts.
 */
export const limits = {
  /** Bytes of a request body; table. */
  body: 100_000,

  /** Tokens of a document; table. The longest document of the tour has 140. */
  tokens: 1_500,
  /** Fields below each other; table. The deepest document of the tour goes 6 deep. */
  depth: 10,
  /** The same below `__schema` and `__type`: the introspection query of graphql-js, which explorers send, is 15 deep. */
  introspectionDepth: 20,
  /** Aliases written in a document; table. */
  aliases: 20,
  /** Fields at the top of an operation, fragments expanded; table. */
  rootFields: 10,
  /** Fields that are written again beside themselves: validation compares each with all of its name. */
  repeatedFields: 20,
  /** Directives written in a document; table. */
  directives: 20,
  /** Directives at one place: the specification knows three for queries. */
  directivesPerPlace: 5,
  /** Operations in a document: explorers send all that stand in the editor. */
  operations: 25,
  /** Fragments in a document: validation compares each with each. */
  fragments: 50,
  /** Selections of an operation with its fragments expanded, as the planner will see them; table. */
  selections: 2_000,
  /** Mutations in an operation; table (threats: accounts, alias batching). */
  mutations: 5,
  /** Fields of `attempts` in an operation; table (threats: accounts, alias batching). */
  attempts: 1,
  /** Elements of a list in arguments or variables; table. */
  inputList: 250,
  /** Lists and objects inside each other in arguments or variables: the deepest input type has 4. */
  inputDepth: 10,

  /** Objects that an operation may answer with by its page sizes; table. */
  nodes: 5_000,
  /** Cost of an operation; table. */
  cost: 1_000,
  /** Cost that a refused document is charged with: reading it was work, about as much as a mutation. */
  refusalCost: 10,
  /** Fields of a new document that are planned for one point: ten heavy fields at the top take 40 ms [measured on
   * one of two cores], and cost 30. */
  fieldsPlannedPerPoint: 5,
  /** A page has at most so many items; table. What asks for more is refused by the owner of the field, so it costs no more. */
  page: 100,

  /** Errors in an answer; table. */
  errors: 20,

  /** Documents kept ready, whether good or refused, and the characters of all of them: a parsed one takes 36 times
   * its text [measured], so 36 MB at most. */
  knownDocuments: 2_000,
  knownCharacters: 1_000_000,
  /** Fields of all operations whose cost is kept ready. */
  knownFields: 100_000,
  /** Texts kept for automatic persisted queries, and their characters. */
  persistedDocuments: 1_000,
  persistedCharacters: 2_000_000,
} as const

export type LimitName = keyof typeof limits

/** Fields of `Mutation` by which somebody can guess a secret; many of them in one document would be many guesses for one request. */
export const attempts: ReadonlySet<string> = new Set([
  'signIn',
  'signUp',
  'refreshSession',
  'changePassword',
  'requestPasswordReset',
  'resetPassword',
  'verifyEmail',
  'requestEmailVerification',
  'closeAccount',
  'exportMyData',
])

/** Bounds of sockets (parameters table: WS). Times in milliseconds, sizes in bytes. */
export const socketLimits = {
  initWithin: seconds(3),
  messageBytes: 64 * 1024,
  messagesPerMinute: 100,
  operationsPerSocket: 20,
  /** Ids come back with every message; stock clients make UUIDs. */
  operationIdLength: 128,
  socketsPerUser: 10,
  socketsPerProcess: 12_000,
  /** Bytes of the heap that one takes when all are told of something at once; a process with a small heap has fewer sockets. */
  heapPerSocket: 64 * 1024,
  pingEvery: seconds(12),
  /** Pings in a row without an answer after which the other side is taken for dead. */
  missedPings: 2,
  /** What may wait for a client that reads slowly, and for how long. */
  backlogBytes: 1_000_000,
  backlogFor: seconds(30),
  life: hours(2),
  /** All sockets are closed within this time when the process stops, so that they do not all come back at once. */
  closeAllWithin: seconds(5),
  /** No slower than this, so that a process with few sockets stops at once. */
  closedPerSecond: 2_000,
  /** How long a client has to answer the closing of its socket. */
  goodbye: seconds(2),
} as const
