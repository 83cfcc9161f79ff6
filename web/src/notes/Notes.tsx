import { Text } from '@mantine/core'
import { NotebookPen } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, Note, User } from '../api/client'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { NoteComposer } from './NoteComposer'
import { NoteItem } from './NoteItem'
import classes from './Notes.module.css'
import { useNoteChanges, useNotes } from './useNotes'

export interface NotesProps {
  conferenceId: number
  me: User
  members: Member[]
  /** Milliseconds between two questions for changes. */
  every: number
  /** Called after a change by this person, so that others can be told. */
  changed?: () => void
  /** Fills its box and scrolls inside, as a pane beside the meeting. */
  pane?: boolean
  /** What stands above the notes. */
  above?: ReactNode
}

/** The notes of a conference: what was said, by whom, and a place to write more. Several people may write at once. */
export function Notes({ conferenceId, me, members, every, changed, pane = false, above }: NotesProps) {
  const { t } = useTranslation()
  const notes = useNotes(conferenceId, every)
  const changes = useNoteChanges(conferenceId, changed)
  const [editing, setEditing] = useState<Note>()
  const items = notes.data?.items ?? []
  // A note that is being edited stays, even if somebody deletes it: what is typed in it is not theirs to delete.
  const removed = editing !== undefined && notes.isSuccess && !items.some((n) => n.id === editing.id)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (pane && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [pane, items.length])
  return (
    <div className={pane ? classes.pane : undefined}>
      {above}
      <div ref={list} className={classes.scroll}>
        {notes.isPending && <Loading />}
        {notes.isError && <Failed error={notes.error} retry={() => void notes.refetch()} />}
        {notes.isSuccess && items.length === 0 && <Empty icon={<NotebookPen />} title={t('notes.empty')} text={t('notes.emptyText')} />}
        <ol className={classes.list} aria-label={t('notes.title')}>
          {(removed ? [...items, editing] : items).map((note) => (
            <NoteItem key={note.id} note={note} editing={note.id === editing?.id} removed={removed && note === editing} edit={setEditing} changes={changes} />
          ))}
        </ol>
      </div>
      <NoteComposer me={me} members={members} write={changes.write} />
      {!pane && (
        <Text size="xs" c="dimmed" mt={6}>
          {t('notes.keys')}
        </Text>
      )}
    </div>
  )
}
