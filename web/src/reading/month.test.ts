import { describe, expect, it } from 'vitest'
import { formatMonth, isMonth, lastDay, shiftMonth, weekdayNames, weeksOf } from './month'

it.each([
  ['2026-11', 1, '2026-12'],
  ['2026-12', 1, '2027-01'],
  ['2026-01', -1, '2025-12'],
  ['2026-05', -17, '2024-12'],
])('%s shifted by %i is %s', (month, by, want) => {
  expect(shiftMonth(month, by)).toBe(want)
})

it.each([
  ['2026-02', '2026-02-28'],
  ['2028-02', '2028-02-29'],
  ['2026-12', '2026-12-31'],
])('%s ends on %s', (month, want) => {
  expect(lastDay(month)).toBe(want)
})

describe('weeksOf', () => {
  it('begins on Sundays where weeks do', () => {
    const weeks = weeksOf('2026-11', 0)
    expect(weeks).toHaveLength(5)
    expect(weeks[0]?.[0]).toBe('2026-11-01')
    expect(weeks[4]).toEqual(['2026-11-29', '2026-11-30', undefined, undefined, undefined, undefined, undefined])
  })

  it('begins on Mondays elsewhere', () => {
    const weeks = weeksOf('2026-11', 1)
    expect(weeks).toHaveLength(6)
    expect(weeks[0]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, '2026-11-01'])
  })
})

it('names weekdays in the order of the columns', () => {
  expect(weekdayNames('ko', 0, 'short').join('')).toBe('일월화수목금토')
  expect(weekdayNames('en', 1, 'long')[0]).toBe('Monday')
})

it('names months', () => {
  expect(formatMonth('2026-11', 'ko')).toBe('2026년 11월')
  expect(formatMonth('2026-11', 'en')).toBe('November 2026')
})

it.each([
  ['2026-11', true],
  ['2026-13', false],
  ['1899-01', false],
  ['x', false],
])('isMonth(%s) is %s', (text, want) => {
  expect(isMonth(text)).toBe(want)
})
