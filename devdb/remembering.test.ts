import { describe, expect, it } from 'vitest'
import { remembering } from './remembering.ts'

describe('remembering', () => {
  it('given a text twice, then what belongs to it is made once', () => {
    const remember = remembering<object>(10)
    const first = remember('a', () => ({}))
    expect(remember('a', () => ({}))).toBe(first)
    expect(remember('b', () => ({}))).not.toBe(first)
  })

  it('given more texts than it may hold, then it begins anew, and answers right all the same', () => {
    const remember = remembering<string>(2)
    const made: string[] = []
    const make = (text: string): string => {
      made.push(text)
      return text.toUpperCase()
    }
    expect(['a', 'b', 'a', 'c', 'a', 'c'].map((text) => remember(text, make))).toEqual(['A', 'B', 'A', 'C', 'A', 'C'])
    expect(made).toEqual(['a', 'b', 'c', 'a'])
  })

  it('given a text for which nothing can be made, then nothing is remembered of it', () => {
    const remember = remembering<string>(2)
    const fail = (): string => {
      throw new Error('no')
    }
    expect(() => remember('a', fail)).toThrow('no')
    expect(remember('a', () => 'now')).toBe('now')
  })
})
