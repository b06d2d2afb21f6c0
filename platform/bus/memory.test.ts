import { busContract } from './contract.ts'
import { makeMemoryBus } from './memory.ts'

busContract('memory bus', async () => makeMemoryBus())
