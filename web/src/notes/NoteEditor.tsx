import { Button, Group, Text, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Note } from '../api/client'
import { toFormErrors } from '../api/problem'
import { useMessage } from '../i18n/useMessage'
import { isPlainEnter } from './enter'
import type { useNoteChanges } from './useNotes'

export interface NoteEditorProps {
  note: Note
  /** Somebody deleted the note meanwhile; what is typed is written as a new one. */
  removed: boolean
  changes: Pick<ReturnType<typeof useNoteChanges>, 'change' | 'write'>
  done: () => void
}

/** A note in place of itself, to be changed. What is typed stays, whatever the others do in the meantime. */
export function NoteEditor({ note, removed, changes, done }: NoteEditorProps) {
  const { t } = useTranslation()
  const say = useMessage()
  const [base] = useState(note.text)
  const [text, setText] = useState(note.text)
  const { change, write } = changes
  const error = change.error ?? write.error
  const errors = error ? toFormErrors(error, ['text']) : undefined
  const input = useRef<HTMLTextAreaElement>(null)
  useEffect(() => input.current?.focus(), [])
  function save() {
    const mine = text.trim()
    if (!mine || change.isPending || write.isPending) return
    if (removed) write.mutate({ text: mine, speaker_id: note.speaker.id, spoken_at: note.spoken_at }, { onSuccess: done })
    else change.mutate({ id: note.id, base, text: mine }, { onSuccess: done })
  }
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
        maxLength={4000}
        ref={input}
        value={text}
        error={say(errors?.fields.text ?? errors?.form)}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') {
            e.stopPropagation()
            done()
          }
          if (!isPlainEnter(e)) return
          e.preventDefault()
          save()
        }}
        data-testid="note-edit-text"
      />
      {removed && (
        <Text size="xs" mt={4} role="status">
          {t('captions.removedMeanwhile')}
        </Text>
      )}
      <Group gap="xs" mt={6} justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={done}>
          {t('app.cancel')}
        </Button>
        <Button size="compact-sm" type="submit" disabled={!text.trim()} loading={change.isPending || write.isPending} data-testid="note-save">
          {t('app.save')}
        </Button>
      </Group>
    </form>
  )
}
