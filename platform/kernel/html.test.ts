import { expect, test } from 'vitest'
import { escapeHtml } from './html.ts'

test('given text with markup, when escaped, then it is text again in every place of HTML (threat: HTML in mail)', () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
  )
  expect(escapeHtml('Grüße')).toBe('Grüße')
})
