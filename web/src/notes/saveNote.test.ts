import { beforeEach, expect, it, vi } from 'vitest'
import type { Note } from '../api/client'
import { ApiError } from '../api/problem'

vi.stubGlobal('window', { location: { origin: 'http://localhost' } })
const { saveNote } = await import('./saveNote')

/** A server with one note; `meanwhile` are edits by others, one before each answer to a change. */
function server(text: string, meanwhile: string[] = []) {
  let [version, now] = [1, text]
  const note = () => ({ id: 7, text: now }) as Note
  const door = {
    fetch: vi.fn(() => Promise.resolve({ ...note(), etag: String(version) })),
    patch: vi.fn((_: number, next: string, etag: string | undefined) => {
      const other = meanwhile.shift()
      if (other !== undefined) [now, version] = [other, version + 1]
      if (etag !== String(version)) return Promise.reject(new ApiError(412, 'stale'))
      now = next
      version++
      return Promise.resolve(note())
    }),
  }
  return { door, text: () => now }
}

beforeEach(() => vi.clearAllMocks())

it('sends the version it is based on, and asks nothing when nobody else was there', async () => {
  const { door, text } = server('a b')
  expect(await saveNote(door, 7, 'a b', 'a c', '1')).toMatchObject({ merged: false })
  expect(text()).toBe('a c')
  expect(door.fetch).not.toHaveBeenCalled()
})

it('puts both edits together when somebody else was faster, again and again', async () => {
  const { door, text } = server('one two three', ['one two three!', 'zero one two three!'])
  expect(await saveNote(door, 7, 'one two three', 'one 2 three', '1')).toMatchObject({ merged: true })
  expect(text()).toBe('zero one 2 three!')
  expect(door.patch).toHaveBeenCalledTimes(3)
})

it('asks for the version when it does not know it', async () => {
  const { door, text } = server('a b!')
  await saveNote(door, 7, 'a b', 'x b', undefined)
  expect(text()).toBe('x b!')
})

it('changes nothing when it is there already', async () => {
  const { door } = server('a c')
  expect(await saveNote(door, 7, 'a b', 'a c', undefined)).toMatchObject({ merged: false })
  expect(door.patch).not.toHaveBeenCalled()
})

it('tells what it cannot mend', async () => {
  const { door } = server('a', Array.from({ length: 40 }, (_, i) => `a ${i}`))
  await expect(saveNote(door, 7, 'a', 'b', '1')).rejects.toMatchObject({ code: 'stale' })
})
