import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRelatedNotes } from '../api/history'
import { FoundNotes } from '../history/FoundNotes'
import { Listing } from '../parts/Listing'

/** Earlier notes of the club about the same. */
export function Related({ conferenceId }: { conferenceId: number }) {
  const { t } = useTranslation()
  const related = useRelatedNotes(conferenceId, true)
  return (
    <div data-testid="related">
      <Listing
        list={related}
        empty={
          <Text c="dimmed" size="sm">
            {t('meet.relatedEmpty')}
          </Text>
        }
      >
        {(items) => <FoundNotes notes={items} compact />}
      </Listing>
    </div>
  )
}
