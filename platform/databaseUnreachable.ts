/** An unreachable or refusing MongoDB, in one clear line without credentials. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable'
}
