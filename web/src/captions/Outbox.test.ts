import { expect, it, vi } from 'vitest'
import { ApiError } from '../api/problem'
import { Outbox } from './Outbox'

/** A clock without hours: what should happen later happens at the next turn. */
const soon = { now: () => new Date(0), after: (_: number, run: () => void) => (queueMicrotask(run), () => undefined) }
const settled = async () => {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}

it('sends in order, one after the other', async () => {
  const sent: string[] = []
  const box = new Outbox<string>((item) => Promise.resolve(void sent.push(item)), soon, () => undefined)
  for (const word of ['a', 'b', 'c']) box.put(word)
  await settled()
  expect(sent).toEqual(['a', 'b', 'c'])
})

it('keeps what did not arrive, and its place', async () => {
  const answers = [new ApiError(0, 'offline'), new ApiError(503, 'unavailable'), new ApiError(429, 'too_many_requests')]
  const sent: string[] = []
  const waiting: number[] = []
  const box = new Outbox<string>(
    (item) => {
      const refusal = answers.shift()
      if (refusal) return Promise.reject(refusal)
      return Promise.resolve(void sent.push(item))
    },
    soon,
    (n) => waiting.push(n),
  )
  box.put('a')
  box.put('b')
  await settled()
  expect(sent).toEqual(['a', 'b'])
  expect(waiting).toEqual([2, 2, 2, 0])
})

it('gives up what is refused for good, and goes on', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const sent: string[] = []
  const box = new Outbox<string>((item) => (item === 'a' ? Promise.reject(new ApiError(403, 'not_a_member')) : Promise.resolve(void sent.push(item))), soon, () => undefined)
  box.put('a')
  box.put('b')
  await settled()
  expect(sent).toEqual(['b'])
  expect(warn).toHaveBeenCalledOnce()
})
