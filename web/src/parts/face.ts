// White letters on each of these pass WCAG AA.
const colors = ['#a5452b', '#4c7239', '#7a4f9a', '#2f6f8f', '#8a5a12', '#9b3d67', '#3f5fa8', '#5f6b2a']

/** A colour that is always the same for the same name. */
export function faceColor(name: string): string {
  let sum = 0
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0
  return colors[sum % colors.length] ?? '#a5452b'
}

/** One character for Hangul and other wide scripts, the first letters of two words for Latin. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = [...(words[0] ?? '')][0] ?? '?'
  if (!/^[a-z]/i.test(first)) return first
  return (first + ([...(words[1] ?? '')][0] ?? '')).toUpperCase()
}
