import { expect, it } from 'vitest'
import { mergeWords } from './mergeWords'

it.each([
  ['one side alone changed', 'a b c', 'a b c', 'a x c', 'a x c'],
  ['the other side alone changed', 'a b c', 'a x c', 'a b c', 'a x c'],
  ['different words', '동호의 장을 읽었다', '동호의 첫 장을 읽었다', '동호의 장을 다시 읽었다', '동호의 첫 장을 다시 읽었다'],
  ['both add at the end', 'so it ends', 'so it ends well', 'so it ends here', 'so it ends here well'],
  ['both add at the beginning', 'book', 'good book', 'thick book', 'thick good book'],
  ['the same words differently', 'a red book', 'a green book', 'a blue book', 'a blue green book'],
  ['the same change', 'a b', 'a c', 'a c', 'a c'],
  ['mine takes away what they changed', 'a b c', 'a c', 'a x c', 'a x c'],
  ['lines', 'first\nsecond', 'first!\nsecond', 'first\nsecond!', 'first!\nsecond!'],
  ['one word inside the other', 'so it was a', 'so it was a book', 'so it was a bookshelf', 'so it was a bookshelf book'],
  ['from nothing', '', 'mine', 'theirs', 'theirs mine'],
])('keeps both: %s', (_, base, mine, theirs, want) => {
  expect(mergeWords(base, mine, theirs)).toBe(want)
})

it('loses no word of either side', () => {
  const base = Array.from({ length: 40 }, (_, i) => `w${i}`)
  // A fixed sequence of positions; each round edits some words on both sides.
  for (let seed = 1; seed < 200; seed++) {
    const at = (n: number) => (seed * 7919 + n * 104_729) % base.length
    const mine = base.map((w, i) => ([1, 2, 3].some((n) => at(n) === i) ? `${w}-mine${i}` : w))
    const theirs = base.map((w, i) => ([3, 4, 5].some((n) => at(n) === i) ? `${w}-theirs${i}` : w))
    const merged = new Set(mergeWords(base.join(' '), mine.join(' '), theirs.join(' ')).split(' '))
    for (const w of [...mine, ...theirs]) if (w.includes('-')) expect(merged, `seed ${seed}`).toContain(w)
  }
})
