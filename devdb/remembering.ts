/**
 * Remembers what was made for a text, so that it is made once. At most so many: then all is forgotten and begins anew,
 * which costs less than to know what was used last.
 */
export const remembering = <Made>(most: number) => {
  const known = new Map<string, Made>()
  return (text: string, make: (text: string) => Made): Made => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = make(text)
    if (known.size >= most) known.clear()
    known.set(text, made)
    return made
  }
}
