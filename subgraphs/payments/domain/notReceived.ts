/** A call that has certainly not reached the provider, or was turned away by it unread. */
export class NotReceived extends Error {
  override readonly name = 'NotReceived'
  /** It may be let in a moment later: the provider is there, and busy. */
  readonly isBusy: boolean

  constructor(message: string, isBusy = false) {
    super(message)
    this.isBusy = isBusy
  }
}
