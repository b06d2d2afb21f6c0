import { limiterContract } from './contract.ts'
import { makeMemoryLimiter } from './memory.ts'

limiterContract('memory limiter', async (clock) => makeMemoryLimiter(clock))
