import { describe, expect, it } from 'vitest'
import { countdown, formatRange, formatTime, instantOf, wallDate, wallTime, zoneNames } from './format'

const at = (text: string) => new Date(text)

describe('formatRange', () => {
  it('names the date once', () => {
    const range = (locale: string) => formatRange(at('2026-11-24T10:30:00Z'), at('2026-11-24T12:00:00Z'), locale, 'Asia/Seoul')
    expect(range('ko')).toBe('2026년 11월 24일 (화) 19:30 – 21:00')
    expect(range('en')).toBe('November 24, 2026 (Tue) 19:30 – 21:00')
  })
  it('names both dates across midnight', () => {
    expect(formatRange(at('2026-11-24T14:30:00Z'), at('2026-11-24T15:30:00Z'), 'ko', 'Asia/Seoul')).toContain('25일')
  })
})

it('shows the time on the zone’s clock', () => {
  expect(formatTime(at('2026-11-24T10:30:00Z'), 'ko', 'Europe/Berlin')).toBe('11:30')
})

describe('countdown', () => {
  const now = at('2026-11-24T10:00:00Z')
  it.each([
    ['2026-11-24T09:59:59Z', { unit: 'past', days: 0, hours: 0, minutes: 0 }],
    ['2026-11-24T10:00:59Z', { unit: 'soon', days: 0, hours: 0, minutes: 0 }],
    ['2026-11-24T10:01:00Z', { unit: 'minutes', days: 0, hours: 0, minutes: 1 }],
    ['2026-11-24T12:05:00Z', { unit: 'hours', days: 0, hours: 2, minutes: 5 }],
    ['2026-11-27T11:00:00Z', { unit: 'days', days: 3, hours: 1, minutes: 0 }],
  ])('until %s', (text, want) => {
    expect(countdown(now, at(text))).toEqual(want)
  })
})

describe('instantOf', () => {
  it.each([
    ['2026-11-24', '19:30', 'Asia/Seoul', '2026-11-24T10:30:00.000Z'],
    ['2026-07-01', '12:00', 'America/New_York', '2026-07-01T16:00:00.000Z'],
    ['2026-01-01', '00:15', 'Pacific/Kiritimati', '2025-12-31T10:15:00.000Z'],
    // Clocks are put back at 03:00 on 25 October: 02:30 comes twice, the first is meant.
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    // Clocks jump from 02:00 to 03:00 on 29 March: 02:30 does not exist.
    ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('%s %s in %s', (date, time, zone, want) => {
    expect(instantOf(date, time, zone)?.toISOString()).toBe(want)
  })
  it('is undefined for what is no time', () => {
    expect(instantOf('', '19:30', 'Asia/Seoul')).toBeUndefined()
    expect(instantOf('2026-11-24', '', 'Asia/Seoul')).toBeUndefined()
  })
  it('comes back as the same wall clock', () => {
    const t = instantOf('2026-11-24', '00:05', 'Asia/Kathmandu')
    expect(t && [wallDate(t, 'Asia/Kathmandu'), wallTime(t, 'Asia/Kathmandu')]).toEqual(['2026-11-24', '00:05'])
  })
})

it('lists each zone once, the wanted first', () => {
  const names = zoneNames('Asia/Seoul', 'Europe/Berlin')
  expect(names.slice(0, 2)).toEqual(['Asia/Seoul', 'Europe/Berlin'])
  expect(new Set(names).size).toBe(names.length)
})
