// The notes of a conference as one list, and the cheap question whether it has changed.
import type { Note } from '../api/client'
import { api, good } from '../api/client'

export interface NoteList {
  /** Validator of the first page; it changes with every note written, changed or deleted. */
  etag: string | null
  items: Note[]
}

const pageSize = 500
/** Ten thousand notes: far more than a meeting holds, and an end for a server that never says so. */
const maxPages = 20

/** Asks for all notes; answers `known` itself when the server says that nothing changed since (RFC 9110 section 13.1.2). */
export async function fetchNotes(conferenceId: number, known?: NoteList): Promise<NoteList> {
  const path = { conference_id: conferenceId }
  const first = await api.GET('/api/v1/conferences/{conference_id}/notes', {
    params: { path, query: { limit: pageSize } },
    headers: known?.etag ? { 'If-None-Match': known.etag } : undefined,
  })
  if (known && first.response.status === 304) return known
  let page = await good(Promise.resolve(first))
  const items = [...page.items]
  for (let n = 1; page.has_more && n < maxPages; n++) {
    page = await good(
      api.GET('/api/v1/conferences/{conference_id}/notes', { params: { path, query: { limit: pageSize, after: page.cursor } } }),
    )
    items.push(...page.items)
  }
  return { etag: first.response.headers.get('ETag'), items }
}
