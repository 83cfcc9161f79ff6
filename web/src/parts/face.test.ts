import { expect, it } from 'vitest'
import { faceColor, initials } from './face'

it.each([
  ['하루', '하'],
  ['ada lovelace', 'AL'],
  ['bo', 'B'],
  ['🙂책', '🙂'],
  ['', '?'],
])('initials of %s', (name, want) => {
  expect(initials(name)).toBe(want)
})

it('keeps a name’s colour', () => {
  expect(faceColor('하루')).toBe(faceColor('하루'))
  expect(faceColor('하루')).toMatch(/^#[0-9a-f]{6}$/)
})
