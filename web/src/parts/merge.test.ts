import { expect, it } from 'vitest'
import { merge } from './merge'

const base = { title: 'a', detail: 'b', days: ['mon'] }

it.each([
  ['takes what only they changed', {}, { title: 'A' }, { ...base, title: 'A' }, []],
  ['keeps what only I changed', { detail: 'B' }, { title: 'A' }, { ...base, title: 'A', detail: 'B' }, []],
  ['keeps mine where both changed, and says so', { title: 'mine' }, { title: 'theirs' }, { ...base, title: 'mine' }, ['title']],
  ['is of one mind where both did the same', { days: ['tue'] }, { days: ['tue'] }, { ...base, days: ['tue'] }, []],
])('%s', (_, mine, theirs, values, both) => {
  expect(merge(base, { ...base, ...mine }, { ...base, ...theirs })).toEqual({ values, both })
})
