import { expect, it } from 'vitest'
import { passwordRules } from './password'

it.each([
  ['', [false, false, false]],
  ['abc!', [false, true, true]],
  ['reading1', [true, true, false]],
  ['12345678!', [true, false, true]],
  ['책읽는밤이야요!', [true, true, true]],
  ['reading!reading', [false, true, true]],
])('%s', (password, met) => {
  expect(passwordRules(password).map((r) => r.met)).toEqual(met)
})
