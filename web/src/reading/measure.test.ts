import { expect, it } from 'vitest'
import { milestones, scaleFor, spoken, things } from './measure'

it('grows from one thing to the next', () => {
  expect(milestones(0)).toEqual({ next: things[0] })
  expect(milestones(95)).toEqual({ reached: things[0], next: things[1] })
  expect(milestones(1700).reached?.name).toBe('person')
  expect(milestones(1e6)).toEqual({ reached: things.at(-1), next: undefined })
})

it('lists things from small to large', () => {
  const heights = things.map((t) => t.height)
  expect(heights).toEqual(heights.toSorted((a, b) => a - b))
})

it.each(things.flatMap((thing) => [[thing.name, thing, 10], [thing.name, thing, 3 * thing.height]] as const))('draws a %s and its stack inside the box', (_, thing, height) => {
  const scale = scaleFor(height, thing)
  expect(Math.max(height, thing.height) * scale).toBeLessThanOrEqual(300.001)
  expect(thing.width * scale).toBeLessThanOrEqual(150.001)
})

it.each([
  [7, 'millimetres', 7],
  [17, 'centimetres', 1.7],
  [216, 'centimetres', 22],
  [1234, 'metres', 1.23],
])('says %i mm in %s', (height, unit, value) => {
  expect(spoken(height)).toEqual({ unit, value })
})
