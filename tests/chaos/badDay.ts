import { callFaults, type Weather } from '../../provider/adversary.ts'

/** F4: a tenth of all calls to the provider for each of its faults. */
export const badDay: Weather['calls'] = Object.fromEntries(callFaults.map((fault) => [fault, 0.1]))
