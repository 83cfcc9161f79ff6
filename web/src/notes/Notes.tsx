import { Text } from '@mantine/core'
import { NotebookPen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, User } from '../api/client'
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
}

/** The notes of a conference: what was said, by whom, and a place to write more. */
export function Notes({ conferenceId, me, members, every, changed, pane = false }: NotesProps) {
  const { t } = useTranslation()
  const notes = useNotes(conferenceId, every)
  const changes = useNoteChanges(conferenceId, changed)
  const owner = members.some((m) => m.user.id === me.id && m.role === 'owner')
  const items = notes.data?.items ?? []
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (pane && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [pane, items.length])
  return (
    <div className={pane ? classes.pane : undefined}>
      <div ref={list} className={classes.scroll}>
        {notes.isPending && <Loading />}
        {notes.isError && <Failed error={notes.error} retry={() => void notes.refetch()} />}
        {notes.isSuccess && items.length === 0 && <Empty icon={<NotebookPen />} title={t('notes.empty')} text={t('notes.emptyText')} />}
        <ol className={classes.list} aria-label={t('notes.title')}>
          {items.map((note) => (
            <NoteItem key={note.id} note={note} mayEdit={owner || note.author.id === me.id} changes={changes} />
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
