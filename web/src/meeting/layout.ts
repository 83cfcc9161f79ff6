// Where tiles stand. Pure: sizes and lists in, rectangles and keys out. All lengths are CSS pixels.

export interface Shape {
  columns: number
  rows: number
}

export interface Rect {
  left: number
  top: number
  width: number
  height: number
}

const gap = 8
/** Tiles are between square and 16:9: a camera picture is cut at its sides at most, never to a slit. */
const [narrowest, widest] = [1, 16 / 9]

/** The largest tile inside a cell, in the cell's middle. */
function fit(cell: Rect): Rect {
  const width = Math.min(cell.width, cell.height * widest)
  const height = Math.min(cell.height, width / narrowest)
  return { width, height, left: cell.left + (cell.width - width) / 2, top: cell.top + (cell.height - height) / 2 }
}

function cellSize(shape: Shape, width: number, height: number): { width: number; height: number } {
  return {
    width: Math.max((width - gap * (shape.columns - 1)) / shape.columns, 0),
    height: Math.max((height - gap * (shape.rows - 1)) / shape.rows, 0),
  }
}

/** The grid in which `count` tiles become largest inside a box. */
export function gridShape(count: number, width: number, height: number): Shape {
  let best: Shape = { columns: 1, rows: Math.max(count, 1) }
  let bestArea = -1
  for (let columns = 1; columns <= count; columns++) {
    const shape = { columns, rows: Math.ceil(count / columns) }
    const tile = fit({ left: 0, top: 0, ...cellSize(shape, width, height) })
    if (tile.width * tile.height > bestArea) [best, bestArea] = [shape, tile.width * tile.height]
  }
  return best
}

/** Tiles of equal rank; a last row that is not full stands in the middle. */
export function grid(count: number, width: number, height: number): Rect[] {
  const shape = gridShape(count, width, height)
  const cell = cellSize(shape, width, height)
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / shape.columns)
    const inRow = Math.min(shape.columns, count - row * shape.columns)
    const margin = (width - inRow * cell.width - (inRow - 1) * gap) / 2
    return fit({ left: margin + (i % shape.columns) * (cell.width + gap), top: row * (cell.height + gap), ...cell })
  })
}

/** Below this box a strip of small tiles goes under the large one, not beside it. */
const sideBySide = 700
const strip = { width: 200, height: 92, smallest: 56 }

/**
 * One large tile (first in the result) and `others` small ones in a strip: at the right where there is width, below
 * otherwise. Small tiles shrink to fit; those for which there is no room have no size and are not shown.
 */
export function focus(others: number, width: number, height: number): Rect[] {
  const box = { left: 0, top: 0, width, height }
  if (others === 0) return [box]
  const beside = width >= sideBySide && width > height
  const length = beside ? height : width
  const full = beside ? (strip.width * 9) / 16 : (strip.height * 16) / 9
  const fitting = Math.max(1, Math.min(others, Math.floor((length + gap) / (strip.smallest + gap))))
  const each = Math.min(full, (length - gap * (fitting - 1)) / fitting)
  const start = (length - fitting * each - (fitting - 1) * gap) / 2
  const small = Array.from({ length: others }, (_, i): Rect => {
    const at = start + i * (each + gap)
    if (i >= fitting) return { left: 0, top: 0, width: 0, height: 0 }
    return beside
      ? { left: width - strip.width, top: at, width: strip.width, height: each }
      : { left: at, top: height - strip.height, width: each, height: strip.height }
  })
  const large = beside ? { ...box, width: width - strip.width - gap } : { ...box, height: Math.max(height - strip.height - gap, 0) }
  return [large, ...small]
}

export type LayoutMode = 'grid' | 'speaker'

/** What can be shown large: a camera or a shared screen. */
export interface Seat {
  key: string
  screen: boolean
  local: boolean
}

/**
 * Key of the seat to show large, or undefined for the grid. A pinned seat wins, then the latest shared screen of
 * somebody else, then, in speaker mode, who speaks, or else the first person who is not oneself.
 */
export function chooseFocus(seats: readonly Seat[], mode: LayoutMode, pinned?: string, speaker?: string): string | undefined {
  if (pinned !== undefined && seats.some((s) => s.key === pinned)) return pinned
  const screen = seats.findLast((s) => s.screen && !s.local)
  if (screen) return screen.key
  if (mode === 'grid' || seats.length < 2) return undefined
  const speaking = seats.find((s) => s.key === speaker && !s.screen)
  return (speaking ?? seats.find((s) => !s.local))?.key
}

/** A rectangle for every seat, by key. */
export function arrange(seats: readonly Seat[], focused: string | undefined, width: number, height: number): Map<string, Rect> {
  const large = seats.find((s) => s.key === focused)
  const order = large ? [large, ...seats.filter((s) => s !== large)] : seats
  const rects = large ? focus(seats.length - 1, width, height) : grid(seats.length, width, height)
  return new Map(order.flatMap((s, i) => (rects[i] ? [[s.key, rects[i]]] : [])))
}
