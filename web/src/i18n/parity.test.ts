import { describe, expect, it } from 'vitest'
import { en } from './en'
import { ko } from './ko'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value)
    else for (const [k, v] of leaves(value, `${prefix}${key}.`)) out.set(k, v)
  }
  return out
}

const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort()

describe('languages', () => {
  const [korean, english] = [leaves(ko), leaves(en)]

  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...korean.keys()].sort())
  })

  it('leave no text empty and fill the same blanks', () => {
    for (const [key, text] of korean) {
      const other = english.get(key) ?? ''
      expect(text.trim(), key).not.toBe('')
      expect(other.trim(), key).not.toBe('')
      expect(blanks(other), key).toEqual(blanks(text))
    }
  })

  it('do not leave Korean in the English texts', () => {
    for (const [key, text] of english) {
      if (key !== 'language.ko') expect(text, key).not.toMatch(/[가-힣]/)
    }
  })
})
