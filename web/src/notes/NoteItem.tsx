import { ActionIcon, Button, Group, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Pencil, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Note } from '../api/client'
import { problemMessage, toFormErrors } from '../api/problem'
import { useMessage } from '../i18n/useMessage'
import { Confirm } from '../parts/Confirm'
import { Face } from '../parts/Face'
import { formatTime, localZone } from '../time/format'
import { isPlainEnter } from './enter'
import classes from './Notes.module.css'
import type { useNoteChanges } from './useNotes'

export interface NoteItemProps {
  note: Note
  mayEdit: boolean
  changes: Pick<ReturnType<typeof useNoteChanges>, 'change' | 'remove'>
}

export function NoteItem({ note, mayEdit, changes }: NoteItemProps) {
  const { t, i18n } = useTranslation()
  const say = useMessage()
  const [editing, setEditing] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const name = note.speaker.nickname
  const drop = () =>
    changes.remove.mutate(note.id, { onError: (error) => notifications.show({ color: 'red', message: say(problemMessage(error)) }) })
  return (
    <li className={classes.item} data-testid="note-item" data-note-id={note.id}>
      <Face person={note.speaker} size={32} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap={8} wrap="nowrap">
          <Text fw={700} size="sm" truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
            <time dateTime={note.spoken_at}>{formatTime(new Date(note.spoken_at), i18n.language, localZone())}</time>
            {note.updated_at !== note.created_at && ` · ${t('notes.edited')}`}
          </Text>
          {mayEdit && !editing && (
            <Group gap={2} ml="auto" wrap="nowrap" className={classes.actions}>
              <ActionIcon variant="subtle" color="gray" aria-label={t('notes.editLabel', { name })} onClick={() => setEditing(true)} data-testid="note-edit">
                <Pencil size={15} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label={t('notes.deleteLabel', { name })} onClick={() => setDeleting(true)} data-testid="note-delete">
                <Trash2 size={15} />
              </ActionIcon>
            </Group>
          )}
        </Group>
        {editing ? (
          <NoteEditor note={note} change={changes.change} done={() => setEditing(false)} />
        ) : (
          <Text className={classes.text}>{note.text}</Text>
        )}
        {!editing && note.author.id !== note.speaker.id && (
          <Text size="xs" c="dimmed">
            {t('notes.writtenBy', { name: note.author.nickname })}
          </Text>
        )}
      </div>
      <Confirm opened={deleting} close={() => setDeleting(false)} title={t('notes.deleteConfirm')} text={note.text} yes={t('app.remove')} no={t('app.cancel')} run={drop} />
    </li>
  )
}

interface NoteEditorProps {
  note: Note
  change: NoteItemProps['changes']['change']
  done: () => void
}

function NoteEditor({ note, change, done }: NoteEditorProps) {
  const { t } = useTranslation()
  const say = useMessage()
  const [text, setText] = useState(note.text)
  const errors = change.error ? toFormErrors(change.error, ['text']) : undefined
  const input = useRef<HTMLTextAreaElement>(null)
  useEffect(() => input.current?.focus(), [])
  const save = () => change.mutate({ id: note.id, text: text.trim() }, { onSuccess: done })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        save()
      }}
    >
      <Textarea
        aria-label={t('notes.editLabel', { name: note.speaker.nickname })}
        size="sm"
        autosize
        maxRows={8}
        ref={input}
        value={text}
        error={say(errors?.fields.text ?? errors?.form)}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') done()
          if (!isPlainEnter(e)) return
          e.preventDefault()
          if (text.trim()) save()
        }}
      />
      <Group gap="xs" mt={6} justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={done}>
          {t('app.cancel')}
        </Button>
        <Button size="compact-sm" type="submit" disabled={!text.trim()} loading={change.isPending}>
          {t('app.save')}
        </Button>
      </Group>
    </form>
  )
}
