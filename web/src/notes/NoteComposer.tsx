import { Button, Select, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, User } from '../api/client'
import { toFormErrors } from '../api/problem'
import { useMessage } from '../i18n/useMessage'
import { isPlainEnter } from './enter'
import classes from './Notes.module.css'
import type { useNoteChanges } from './useNotes'

export interface NoteComposerProps {
  me: User
  members: Member[]
  write: ReturnType<typeof useNoteChanges>['write']
}

/** Writes a note. The text stays until the server has it. */
export function NoteComposer({ me, members, write }: NoteComposerProps) {
  const { t } = useTranslation()
  const say = useMessage()
  const [text, setText] = useState('')
  const [speaker, setSpeaker] = useState(String(me.id))
  const errors = write.error ? toFormErrors(write.error, ['text', 'speaker_id']) : undefined
  const people = members.length > 0 ? members.map((m) => m.user) : [me]
  function send() {
    if (!text.trim() || write.isPending) return
    write.mutate({ text: text.trim(), speaker_id: Number(speaker) }, { onSuccess: () => setText('') })
  }
  return (
    <form
      className={classes.composer}
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
    >
      <Textarea
        aria-label={t('notes.label')}
        placeholder={t('notes.placeholder')}
        size="sm"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={4000}
        value={text}
        error={say(errors?.fields.text ?? errors?.form)}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (!isPlainEnter(e)) return
          e.preventDefault()
          send()
        }}
        data-testid="note-input"
      />
      <div className={classes.composerRow}>
        <Select
          aria-label={t('notes.speaker')}
          size="sm"
          data={people.map((p) => ({ value: String(p.id), label: p.nickname }))}
          value={speaker}
          error={say(errors?.fields.speaker_id)}
          onChange={(v) => setSpeaker(v ?? String(me.id))}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true, zIndex: 500 }}
        />
        <Button type="submit" size="sm" disabled={!text.trim()} loading={write.isPending} data-testid="note-submit">
          {t('notes.add')}
        </Button>
      </div>
    </form>
  )
}
