import fc from 'fast-check'
import { inject } from 'vitest'

// Before each test file: what fast-check makes up is the same in every run of the same seed, unless a test gives its own.
fc.configureGlobal({ seed: inject('seed') })
