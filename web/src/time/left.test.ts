import { expect, it } from 'vitest'
import { timeLeft } from './left'

const now = new Date('2026-11-24T02:00:00Z')

it.each([
  ['2026-11-24T02:00:01Z', [0, 0, 0, 1]],
  ['2026-11-26T05:04:03Z', [2, 3, 4, 3]],
  ['2026-11-24T02:00:00Z', [0, 0, 0, 0]],
  ['2026-11-23T02:00:00Z', [0, 0, 0, 0]],
])('until %s', (at, want) => {
  const left = timeLeft(now, new Date(at))
  expect([left.days, left.hours, left.minutes, left.seconds]).toEqual(want)
})

it('rounds a started second up, so that zero means now', () => {
  expect(timeLeft(now, new Date('2026-11-24T02:00:00.400Z')).seconds).toBe(1)
})
