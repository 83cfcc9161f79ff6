// Things to hold a stack of books against, and how to draw both. Heights in millimetres, drawings in CSS pixels.

export type ThingName = 'cup' | 'cat' | 'chair' | 'child' | 'person' | 'door' | 'giraffe' | 'house'

export interface Thing {
  name: ThingName
  /** Usual height in millimetres. */
  height: number
}

/** From small to large. A person is as high as the mean of grown-ups, the house reaches to its roof. */
export const things: readonly Thing[] = [
  { name: 'cup', height: 95 },
  { name: 'cat', height: 250 },
  { name: 'chair', height: 850 },
  { name: 'child', height: 1220 },
  { name: 'person', height: 1680 },
  { name: 'door', height: 2100 },
  { name: 'giraffe', height: 5000 },
  { name: 'house', height: 7500 },
]

/** What the stack has reached, if anything, and what it grows towards; beyond the last, it grows towards nothing. */
export function milestones(height: number): { reached?: Thing; next?: Thing } {
  const reached = things.findLast((t) => t.height <= height)
  const next = things.find((t) => t.height > height)
  return { ...(reached ? { reached } : {}), ...(next ? { next } : {}) }
}

/** Pixels of the tallest thing in the drawing, and the most that a millimetre may get: a leaflet stays a leaflet. */
const tallest = 340
const largest = 3.2

/** How many pixels a millimetre gets, when things of these heights stand side by side. */
export function scaleFor(...heights: number[]): number {
  const top = Math.max(...heights, 1)
  return Math.min(largest, tallest / top)
}

/** A height as people say it: what to call the unit, and the number. */
export function spoken(height: number): { unit: 'millimetres' | 'centimetres' | 'metres'; value: number } {
  if (height < 10) return { unit: 'millimetres', value: Math.round(height) }
  if (height < 100) return { unit: 'centimetres', value: Math.round(height) / 10 }
  if (height < 1000) return { unit: 'centimetres', value: Math.round(height / 10) }
  return { unit: 'metres', value: Math.round(height / 10) / 100 }
}
