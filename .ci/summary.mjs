// What the runner's reports say, for whoever sees only the end of the output: each failed test with its reason, and as the last line
// "N passed, N failed, N skipped". A test file that could not be loaded has no tests of its own: it counts as one that failed, and so
// does a report that is missing, or one of a run that failed although none of its tests did.
//   node .ci/summary.mjs REPORT.json ...
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const linesOfReason = 30

const sum = { passed: 0, failed: 0, skipped: 0 }

const failed = (title, reason) => {
  sum.failed++
  const lines = (reason || 'no reason given').split('\n').slice(0, linesOfReason)
  console.log(`FAILED ${title}\n${lines.map((line) => `    ${line}`).join('\n')}\n`)
}

const addReport = (path) => {
  if (!existsSync(path)) {
    failed(path, 'the runner left no report')
    return
  }
  const report = JSON.parse(readFileSync(path, 'utf8'))
  const failuresBefore = sum.failed
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(process.cwd(), name)
    if (status === 'failed' && assertionResults.length === 0) {
      failed(file, message)
    }
    for (const test of assertionResults.filter((result) => result.status === 'failed')) {
      failed(`${file}: ${test.fullName}`, test.failureMessages.join('\n'))
    }
  }
  if (!report.success && sum.failed === failuresBefore) {
    failed(path, 'the run failed, though none of its tests did: see its output')
  }
  sum.passed += report.numPassedTests
  sum.skipped += report.numPendingTests + report.numTodoTests
}

for (const path of process.argv.slice(2)) {
  addReport(path)
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exit(sum.failed === 0 ? 0 : 1)
