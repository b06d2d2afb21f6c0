/** What the server's thread and the writing thread say to each other. One commit is under way at most. */
export type ToWriter =
  | { readonly type: 'commit'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'copy'; readonly target: string }
  | { readonly type: 'close' }

export type FromWriter =
  /** Rows of the file, as it is opened. */
  | { readonly type: 'rows'; readonly bytes: Uint8Array }
  | { readonly type: 'open' }
  | { readonly type: 'failed'; readonly reason: 'locked' | 'damaged' | 'disk'; readonly message: string }
  /** The batch is on disk; its memory comes back. */
  | { readonly type: 'committed'; readonly memory: ArrayBuffer }
  /** Nothing of the batch was written. */
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'copied'; readonly reason?: string }
