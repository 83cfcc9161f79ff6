// Things to hold a stack of books against, and how to draw both. Heights in millimetres, drawings in CSS pixels.

export type ThingName = 'cup' | 'cat' | 'chair' | 'child' | 'person' | 'door' | 'giraffe' | 'house'

export interface Thing {
  name: ThingName
  /** Usual height and width in millimetres. */
  height: number
  width: number
}

/** From small to large. A person is as high as the mean of grown-ups, the house reaches to its roof. */
export const things: readonly Thing[] = [
  { name: 'cup', height: 95, width: 105 },
  { name: 'cat', height: 250, width: 195 },
  { name: 'chair', height: 850, width: 493 },
  { name: 'child', height: 1220, width: 537 },
  { name: 'person', height: 1680, width: 638 },
  { name: 'door', height: 2100, width: 1008 },
  { name: 'giraffe', height: 5000, width: 3100 },
  { name: 'house', height: 7500, width: 6900 },
]

/** What the stack has reached, if anything, and what it grows towards; beyond the last, it grows towards nothing. */
export function milestones(height: number): { reached: Thing | undefined; next: Thing | undefined } {
  return { reached: things.findLast((t) => t.height <= height), next: things.find((t) => t.height > height) }
}

/** Pixels: how high the drawing may get, and how wide the thing in it, which stands beside books on a phone. */
const [tallest, widest] = [300, 150]

/** How many pixels a millimetre gets, when a stack of this height stands beside a thing. */
export function scaleFor(height: number, thing: Thing): number {
  return Math.min(tallest / Math.max(height, thing.height), widest / thing.width)
}

/** A height as people say it: what to call the unit, and the number. */
export function spoken(height: number): { unit: 'millimetres' | 'centimetres' | 'metres'; value: number } {
  if (height < 10) return { unit: 'millimetres', value: Math.round(height) }
  if (height < 100) return { unit: 'centimetres', value: Math.round(height) / 10 }
  if (height < 1000) return { unit: 'centimetres', value: Math.round(height / 10) }
  return { unit: 'metres', value: Math.round(height / 10) / 100 }
}
