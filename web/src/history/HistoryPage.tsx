import { Anchor, Button, Stack, Title } from '@mantine/core'
import { History, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { useClub } from '../api/clubs'
import type { Club } from '../api/client'
import { useHistory, useNoteSearch } from '../api/history'
import { NotFoundPage } from '../pages/NotFoundPage'
import { usePathId } from '../pages/usePathId'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { SearchBox } from '../parts/SearchBox'
import { Section } from '../parts/Section'
import { FoundNotes } from './FoundNotes'
import classes from './History.module.css'
import { PastMeeting } from './PastMeeting'

/** What a club has read and said: its past conferences, and its minutes to search in. */
export function HistoryPage() {
  const id = usePathId()
  const club = useClub(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (club.isPending) return <Loading full />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  return <HistoryOf club={club.data} />
}

function HistoryOf({ club }: { club: Club }) {
  const { t } = useTranslation()
  const [query, setQuery] = useSearchParams()
  const words = (query.get('q') ?? '').slice(0, 100)
  return (
    <Stack gap="lg">
      <PageTitle title={`${t('meet.history')} · ${club.title}`} />
      <div>
        <Anchor component={Link} to={`/clubs/${club.id}`} fw={600} size="sm">
          {club.title}
        </Anchor>
        <Title order={1}>{t('meet.history')}</Title>
      </div>
      <SearchBox key={words} label={t('meet.noteSearch')} placeholder={t('meet.notePlaceholder')} go={t('meet.searchGo')} words={words} search={(q) => setQuery(q ? { q } : {}, { replace: true })} />
      {words ? <Found clubId={club.id} words={words} clear={() => setQuery({}, { replace: true })} /> : <Past club={club} />}
    </Stack>
  )
}

function Found({ clubId, words, clear }: { clubId: number; words: string; clear: () => void }) {
  const { t } = useTranslation()
  const notes = useNoteSearch(clubId, words)
  return (
    <Section
      title={t('meet.noteFound')}
      action={
        <Button variant="subtle" onClick={clear}>
          {t('meet.noteClear')}
        </Button>
      }
    >
      <div aria-live="polite">
        <Listing list={notes} empty={<Empty icon={<Search />} title={t('meet.noteNothing')} text={t('meet.noteNothingText')} />}>
          {(items) => <FoundNotes notes={items} />}
        </Listing>
      </div>
    </Section>
  )
}

function Past({ club }: { club: Club }) {
  const { t } = useTranslation()
  const history = useHistory(club.id)
  return (
    <Listing list={history} empty={<Empty icon={<History />} title={t('meet.historyEmpty')} text={t('meet.historyEmptyText')} />}>
      {(items) => (
        <ul className={classes.timeline} data-testid="history-list">
          {items.map((e) => (
            <li key={e.conference.id}>
              <PastMeeting entry={e} zone={club.time_zone} />
            </li>
          ))}
        </ul>
      )}
    </Listing>
  )
}

