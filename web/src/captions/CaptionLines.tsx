import { useTranslation } from 'react-i18next'
import { useNotes } from '../notes/useNotes'
import classes from './Captions.module.css'
import { useFreshCaptions } from './useFreshCaptions'

/** The last captions of everybody, for a few seconds each, over the stage. */
export function CaptionLines({ conferenceId }: { conferenceId: number }) {
  const { t } = useTranslation()
  const notes = useNotes(conferenceId, 5_000)
  const fresh = useFreshCaptions(notes.data?.items)
  return (
    <div className={classes.lines} role="log" aria-label={t('captions.live')} data-testid="captions-lines">
      {fresh.map((note) => (
        <p key={note.id} className={classes.line} data-testid="caption-line">
          <b>{note.speaker.nickname}</b> {note.text}
        </p>
      ))}
    </div>
  )
}
