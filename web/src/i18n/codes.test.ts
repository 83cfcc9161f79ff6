import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ko } from './ko'

const contract = readFileSync(join(import.meta.dirname, '../../../clubapi/openapi.yaml'), 'utf8')

/** The codes in backticks between two texts of the contract. */
function codes(from: string, to: string): string[] {
  const at = contract.indexOf(from)
  return [...contract.slice(at, contract.indexOf(to, at)).matchAll(/`([a-z_]+)`/g)].map((m) => m[1] ?? '')
}

it.each([
  ['refusal', codes('A refusal. 400', 'content:'), ko.problem],
  ['mistake in a field', codes('`required`, `type`', 'message:'), ko.field],
])('there are words for every %s of the contract', (_, all, words) => {
  expect(all.length).toBeGreaterThan(15)
  expect(all.filter((code) => !Object.hasOwn(words, code))).toEqual([])
})
