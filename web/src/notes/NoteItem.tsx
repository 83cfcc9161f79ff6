import { ActionIcon, Group, Text } from '@mantine/core'
import { Captions, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Note } from '../api/client'
import { Face } from '../parts/Face'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import { formatTime, localZone } from '../time/format'
import { NoteEditor } from './NoteEditor'
import classes from './Notes.module.css'
import type { useNoteChanges } from './useNotes'

export interface NoteItemProps {
  note: Note
  editing: boolean
  removed: boolean
  edit: (note: Note | undefined) => void
  changes: ReturnType<typeof useNoteChanges>
}

/** One utterance: who said it when, and in whose words it stands here. */
export function NoteItem({ note, editing, removed, edit, changes }: NoteItemProps) {
  const { t, i18n } = useTranslation()
  return (
    <li className={classes.item} data-testid="note-item" data-note-id={note.id} data-source={note.source}>
      <Face person={note.speaker} size={32} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap={8} wrap="nowrap">
          <Text fw={700} size="sm" truncate>
            {note.speaker.nickname}
          </Text>
          <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
            <time dateTime={note.spoken_at}>{formatTime(new Date(note.spoken_at), i18n.language, localZone())}</time>
            {note.updated_at !== note.created_at && ` · ${t('notes.edited')}`}
          </Text>
          {note.source === 'caption' && (
            <span className={classes.heard}>
              <Captions size={14} aria-hidden />
              {t('captions.source')}
            </span>
          )}
          {note.editable && !editing && <Actions note={note} edit={edit} remove={changes.remove} />}
        </Group>
        {editing ? (
          <NoteEditor note={note} removed={removed} changes={changes} done={() => edit(undefined)} />
        ) : (
          <Text className={classes.text} data-testid="note-text">
            {note.text}
          </Text>
        )}
        {!editing && note.author.id !== note.speaker.id && (
          <Text size="xs" c="dimmed">
            {t('notes.writtenBy', { name: note.author.nickname })}
          </Text>
        )}
      </div>
    </li>
  )
}

function Actions({ note, edit, remove }: { note: Note; edit: (note: Note) => void; remove: NoteItemProps['changes']['remove'] }) {
  const { t } = useTranslation()
  const tell = useTell()
  const { ask, dialog } = useConfirm()
  const name = note.speaker.nickname
  const run = () => remove.mutate(note.id, { onError: tell.failed })
  return (
    <Group gap={2} ml="auto" wrap="nowrap" className={classes.actions}>
      <ActionIcon variant="subtle" color="gray" aria-label={t('notes.editLabel', { name })} onClick={() => edit(note)} data-testid="note-edit">
        <Pencil size={15} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('notes.deleteLabel', { name })}
        onClick={() => ask({ title: t('notes.deleteConfirm'), text: note.text, yes: t('app.remove'), run })}
        data-testid="note-delete"
      >
        <Trash2 size={15} />
      </ActionIcon>
      {dialog}
    </Group>
  )
}
