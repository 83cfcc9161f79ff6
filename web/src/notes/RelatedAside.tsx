import { useTranslation } from 'react-i18next'
import { useRelatedNotes } from '../api/history'
import { FoundNotes } from '../history/FoundNotes'
import classes from './Notes.module.css'

/** Earlier notes of the club about the same, folded away until somebody wants them; nothing where there are none. */
export function RelatedAside({ conferenceId }: { conferenceId: number }) {
  const { t } = useTranslation()
  const related = useRelatedNotes(conferenceId, true)
  const items = related.data?.items ?? []
  if (items.length === 0) return null
  return (
    <details className={classes.related} data-testid="related">
      <summary>
        {t('meet.related')} ({items.length})
      </summary>
      <FoundNotes notes={items} compact />
    </details>
  )
}
