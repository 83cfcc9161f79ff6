import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, good } from '../api/client'
import type { components } from '../api/schema.gen'
import type { NoteList } from './fetchNotes'
import { fetchNotes } from './fetchNotes'

type Schemas = components['schemas']

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

/** Changes to the notes; after each, the list is asked for and `changed` is called, so that others can be told. */
export function useNoteChanges(conferenceId: number, changed?: () => void) {
  const refresh = useRefreshNotes(conferenceId)
  const onSuccess = () => {
    refresh()
    changed?.()
  }
  const write = useMutation({
    onSuccess,
    mutationFn: (body: Schemas['NewNote']) =>
      good(api.POST('/api/v1/conferences/{conference_id}/notes', { params: { path: { conference_id: conferenceId } }, body })),
  })
  const change = useMutation({
    onSuccess,
    mutationFn: ({ id, text }: { id: number; text: string }) =>
      good(api.PATCH('/api/v1/notes/{note_id}', { params: { path: { note_id: id } }, body: { text } })),
  })
  const remove = useMutation({
    onSuccess,
    mutationFn: (id: number) => good(api.DELETE('/api/v1/notes/{note_id}', { params: { path: { note_id: id } } })),
  })
  return { write, change, remove }
}
