// Saving an edit of a note that others may be editing at the same time.
import type { Note, Tagged } from '../api/client'
import { api, good, ifMatch, tagged } from '../api/client'
import { ApiError } from '../api/problem'
import { mergeWords } from './mergeWords'

/** More than one edit of the same note in the time of a request is rare; this many in a row are not people. */
const mostRounds = 8

/** The two requests saving needs. */
export interface NoteDoor {
  fetch: (id: number) => Promise<Tagged<Note>>
  /** Refuses with `stale` when `etag` is not of the present version. */
  patch: (id: number, text: string, etag: string | undefined) => Promise<Note>
}

export const noteDoor: NoteDoor = {
  fetch: (id) => tagged(api.GET('/api/v1/notes/{note_id}', { params: { path: { note_id: id } } })),
  patch: (id, text, etag) => good(api.PATCH('/api/v1/notes/{note_id}', { params: { path: { note_id: id }, header: ifMatch(etag) }, body: { text } })),
}

/** What came of saving: the note as it is, and whether somebody else's words are in it, too. */
export interface Saved {
  note: Note
  merged: boolean
}

/**
 * Saves `mine`, an edit of `base`. `etag` is the version `base` belongs to, if that is known. When somebody else was
 * faster, both edits are put together word by word, as often as it takes.
 */
export async function saveNote(door: NoteDoor, id: number, base: string, mine: string, etag: string | undefined): Promise<Saved> {
  let [text, version] = [mine, etag]
  for (let round = 0; ; round++) {
    if (round > 0 || version === undefined) {
      const latest = await door.fetch(id)
      text = mergeWords(base, mine, latest.text)
      version = latest.etag
      if (text === latest.text) return { note: latest, merged: text !== mine }
    }
    try {
      return { note: await door.patch(id, text, version), merged: text !== mine }
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'stale') || round >= mostRounds) throw error
    }
  }
}
