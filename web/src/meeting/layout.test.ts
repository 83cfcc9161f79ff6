import { describe, expect, it } from 'vitest'
import type { Rect } from './layout'
import { arrange, chooseFocus, focus, grid, gridShape } from './layout'

describe('gridShape', () => {
  it.each([
    [1, 1280, 600, 1, 1],
    [2, 1280, 600, 2, 1],
    [2, 390, 700, 1, 2],
    [3, 1280, 700, 2, 2],
    [4, 1280, 700, 2, 2],
    [6, 1280, 600, 3, 2],
    [6, 390, 640, 2, 3],
    [9, 1440, 800, 3, 3],
    [0, 100, 100, 1, 1],
    [4, 0, 0, 1, 4],
  ])('%i tiles in %ix%i', (count, width, height, columns, rows) => {
    expect(gridShape(count, width, height)).toEqual({ columns, rows })
  })
  it('has a place for everybody', () => {
    for (let count = 1; count < 30; count++) {
      const shape = gridShape(count, 900, 500)
      expect(shape.columns * shape.rows).toBeGreaterThanOrEqual(count)
    }
  })
})

describe('chooseFocus', () => {
  const me = { key: 'me', screen: false, local: true }
  const jo = { key: 'jo', screen: false, local: false }
  const screen = { key: 'jo-screen', screen: true, local: false }
  it('shows the grid by default', () => {
    expect(chooseFocus([me, jo], 'grid')).toBeUndefined()
  })
  it('shows what is pinned before everything else', () => {
    expect(chooseFocus([me, jo, screen], 'speaker', 'me', 'jo')).toBe('me')
  })
  it('forgets a pin whose owner has left', () => {
    expect(chooseFocus([me], 'grid', 'jo')).toBeUndefined()
  })
  it('shows a shared screen', () => {
    expect(chooseFocus([me, jo, screen], 'grid')).toBe('jo-screen')
  })
  it('does not show people their own screen large', () => {
    expect(chooseFocus([me, jo, { ...screen, local: true }], 'grid')).toBeUndefined()
  })
  it('follows the speaker, and shows another person while nobody speaks', () => {
    expect(chooseFocus([me, jo], 'speaker', undefined, 'jo')).toBe('jo')
    expect(chooseFocus([me, jo], 'speaker')).toBe('jo')
    expect(chooseFocus([me], 'speaker', undefined, 'me')).toBeUndefined()
  })
})

const inside = (r: Rect, width: number, height: number) =>
  r.left >= -0.01 && r.top >= -0.01 && r.left + r.width <= width + 0.01 && r.top + r.height <= height + 0.01
const apart = (a: Rect, b: Rect) =>
  a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top

describe('tiles', () => {
  const boxes: [number, number][] = [[1280, 620], [390, 640], [360, 500], [800, 300], [320, 900]]
  it('stay inside the box and do not overlap', () => {
    for (const [width, height] of boxes) {
      for (let n = 1; n <= 12; n++) {
        for (const rects of [grid(n, width, height), focus(n - 1, width, height)]) {
          const shown = rects.filter((r) => r.width > 0)
          expect(rects).toHaveLength(n)
          expect(shown.every((r) => inside(r, width, height)), `${n} in ${width}x${height}`).toBe(true)
          expect(shown.every((a, i) => shown.slice(i + 1).every((b) => apart(a, b))), `${n} in ${width}x${height}`).toBe(true)
        }
      }
    }
  })
  it('puts a last row that is not full in the middle', () => {
    const last = grid(3, 1280, 700)[2]
    expect(last && last.left + last.width / 2).toBeCloseTo(640)
  })
  it('gives no size to small tiles that do not fit', () => {
    const rects = focus(40, 390, 640)
    expect(rects.filter((r) => r.width === 0).length).toBeGreaterThan(0)
    expect(rects.filter((r) => r.width > 0).every((r) => r.width >= 55)).toBe(true)
  })
  it('survives a box without size', () => {
    expect(grid(3, 0, 0).every((r) => r.width === 0 && r.height === 0)).toBe(true)
  })
})

it('arranges the focused seat large', () => {
  const seats = ['a', 'b', 'c'].map((key) => ({ key, screen: false, local: false }))
  const rects = arrange(seats, 'b', 1280, 700)
  expect(rects.get('b')?.width).toBeGreaterThan(rects.get('a')?.width ?? Infinity)
  expect([...rects.keys()].sort()).toEqual(['a', 'b', 'c'])
  expect(arrange(seats, 'gone', 1280, 700).size).toBe(3)
})
