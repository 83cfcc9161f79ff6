import { expect, it } from 'vitest'
import { ApiError } from './problem'
import { once } from './repeat'

/** A server that answers as it is told and writes down the keys it saw. */
function server(...answers: (Error | string)[]) {
  const keys: string[] = []
  const send = once((_: { title: string }, header) => {
    keys.push(header['Idempotency-Key'])
    const answer = answers[keys.length - 1]
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  })
  return { keys, send: (title: string) => send({ title }).catch((e: unknown) => e) }
}

it('repeats the key while it is not known what became of the request', async () => {
  const { keys, send } = server(new ApiError(0, 'offline'), new ApiError(503, 'unavailable'), 'made')
  for (let i = 0; i < 3; i++) await send('a')
  expect(new Set(keys).size).toBe(1)
})

it.each([
  ['after a good answer', 'made'],
  ['after a refusal', new ApiError(409, 'conference_full')],
])('takes a new key %s', async (_, answer) => {
  const { keys, send } = server(answer, 'made')
  await send('a')
  await send('a')
  expect(new Set(keys).size).toBe(2)
})

it('takes a new key for another content', async () => {
  const { keys, send } = server(new ApiError(0, 'offline'), 'made')
  await send('a')
  await send('b')
  expect(new Set(keys).size).toBe(2)
})
