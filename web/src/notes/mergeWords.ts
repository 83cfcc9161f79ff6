import { diff3Merge } from 'node-diff3'

/** Words and the spaces between them, so that joining gives the text again. */
function words(text: string): string[] {
  return text.match(/\s+|\S+/gu) ?? []
}

/**
 * Puts two edits of a text together, word by word. Where both changed the same words, theirs stand first and mine
 * behind them; where one side took words away that the other changed, the change stays. Nothing that either side wrote
 * is lost.
 */
export function mergeWords(base: string, mine: string, theirs: string): string {
  if (mine === theirs || base === theirs) return mine
  if (base === mine) return theirs
  return diff3Merge(words(mine), words(base), words(theirs), { excludeFalseConflicts: true })
    .map((part) => (part.ok ?? both(part.conflict?.b ?? [], part.conflict?.a ?? [])).join(''))
    .join('')
}

function both(theirs: string[], mine: string[]): string[] {
  const [first, second] = [theirs.join(''), mine.join('')]
  if (second.trim() === '' || first.trim() === second.trim()) return theirs
  if (first.trim() === '') return mine
  const spaced = /\s$/u.test(first) || /^\s/u.test(second)
  return spaced ? [first, second] : [first, ' ', second]
}
