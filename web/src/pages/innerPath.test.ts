import { expect, it } from 'vitest'
import { innerPath } from './innerPath'

it.each([
  [null, '/'],
  ['', '/'],
  ['/clubs/1?x=2', '/clubs/1?x=2'],
  ['https://evil.example', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('%s', (next, want) => {
  expect(innerPath(next)).toBe(want)
})
