/** A refusal with MongoDB's number of it. */
export class ModelError extends Error {
  readonly code: number

  constructor(code: number) {
    super(`error ${code}`)
    this.code = code
  }
}
