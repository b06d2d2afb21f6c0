import { afterAll, beforeAll, describe } from 'vitest'
import { directiveStories } from '../access/directives.ts'
import { matrixStories } from '../access/matrix.ts'
import { siblingStories } from '../access/siblings.ts'
import { startWorld, type World } from '../access/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
}, 60_000)
afterAll(() => world?.shop.stop())

// Three stories in one shop: each shop of separate processes costs seconds.
describe('the matrix of access', () => matrixStories(() => world))
describe('directives over every transport', () => directiveStories(() => world))
describe('what is for siblings', () => siblingStories(() => world))
