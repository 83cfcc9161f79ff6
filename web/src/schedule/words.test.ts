import { expect, it } from 'vitest'
import { frequencyInEnglish, rhythmWords } from './words'

it.each([
  [{ times: 2, every: 1, unit: 'month', weekdays: ['mon', 'wed'] }, 'twice a month, Mon and Wed'],
  [{ times: 1, every: 2, unit: 'week', weekdays: ['sun'] }, 'once every 2 weeks, Sun'],
  [{ times: 3, every: 1, unit: 'week', weekdays: ['mon', 'wed', 'fri'] }, '3 times a week, Mon, Wed and Fri'],
  [{ times: 1, every: 1, unit: 'month', weekdays: [] }, 'once a month'],
] as const)('%j', (frequency, words) => {
  expect(frequencyInEnglish({ ...frequency, weekdays: [...frequency.weekdays] })).toBe(words)
})

it('takes the Korean words from the server', () => {
  const s = { time_freq: '1달에 2번, 월 수', time: '17:50', frequency: { times: 2, every: 1, unit: 'month' as const, weekdays: [] } }
  expect(rhythmWords(s, 'ko')).toBe('1달에 2번, 월 수 · 17:50')
  expect(rhythmWords(s, 'en')).toBe('twice a month · 17:50')
})
