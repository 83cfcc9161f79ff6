import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { api, good } from '../api/client'
import type { KeyHeader } from '../api/repeat'
import { once } from '../api/repeat'
import { useTell } from '../parts/useTell'
import type { NoteList } from './fetchNotes'
import { fetchNotes } from './fetchNotes'
import type { Saved } from './saveNote'
import { noteDoor, saveNote } from './saveNote'

const key = (conferenceId: number) => ['notes', conferenceId]

/** The notes of a conference, asked for again every `every` milliseconds. */
export function useNotes(conferenceId: number, every: number) {
  const client = useQueryClient()
  return useQuery({
    queryKey: key(conferenceId),
    refetchInterval: every,
    staleTime: 0,
    structuralSharing: false,
    queryFn: () => fetchNotes(conferenceId, client.getQueryData<NoteList>(key(conferenceId))),
  })
}

/** Asks for the notes at once; for whoever hears that they have changed. */
export function useRefreshNotes(conferenceId: number): () => void {
  const client = useQueryClient()
  return useCallback(() => void client.invalidateQueries({ queryKey: key(conferenceId) }), [client, conferenceId])
}

/**
 * Changes to the notes; after each, the list is asked for and `changed` is called, so that others can be told. A change
 * of a note is put together with what others changed in it since `base`.
 */
export function useNoteChanges(conferenceId: number, changed?: () => void) {
  const { t } = useTranslation()
  const tell = useTell()
  const refresh = useRefreshNotes(conferenceId)
  const onSuccess = () => {
    refresh()
    changed?.()
  }
  const [post] = useState(() => once((body: Schemas['NewNote'], header) => postNote(conferenceId, body, header)))
  const write = useMutation({ onSuccess, mutationFn: post })
  const change = useMutation({
    onSuccess(saved: Saved) {
      onSuccess()
      if (saved.merged) tell.done(t('captions.merged'))
    },
    mutationFn: ({ id, base, text }: { id: number; base: string; text: string }) => saveNote(noteDoor, id, base, text, undefined),
  })
  const remove = useMutation({
    onSuccess,
    mutationFn: (id: number) => good(api.DELETE('/api/v1/notes/{note_id}', { params: { path: { note_id: id } } })),
  })
  return { write, change, remove }
}

/** Writes a note. */
export function postNote(conferenceId: number, body: Schemas['NewNote'], header: KeyHeader) {
  return good(api.POST('/api/v1/conferences/{conference_id}/notes', { params: { path: { conference_id: conferenceId }, header }, body }))
}
