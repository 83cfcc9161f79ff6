import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { BookOpen, Flag, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate } from 'react-router'
import type { Schemas } from '../api/client'
import { useBooksOf, useProfile } from '../api/people'
import { useUser } from '../app/SignedIn'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { Empty } from '../parts/Empty'
import { Face } from '../parts/Face'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { Section } from '../parts/Section'
import { formatDay, localZone } from '../time/format'
import { ReportForm } from './ReportForm'

/** Somebody else, as members see each other. */
export function UserPage() {
  const id = usePathId()
  const me = useUser()
  const profile = useProfile(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (id === me.id) return <Navigate to="/me" replace />
  if (profile.isPending) return <Loading full />
  if (profile.isError) return <Failed error={profile.error} retry={() => void profile.refetch()} />
  return <UserView user={profile.data} />
}

function UserView({ user }: { user: Schemas['Profile'] }) {
  const { t, i18n } = useTranslation()
  const [reporting, setReporting] = useState(false)
  return (
    <Stack gap={36}>
      <PageTitle title={user.nickname} />
      <div className={pages.cover}>
        <Group gap="lg">
          <Face person={user} size={92} />
          <div style={{ minWidth: 0 }}>
            <Title order={1}>{user.nickname}</Title>
            <Text c="dimmed">{t('people.memberSince', { date: formatDay(new Date(user.created_at), i18n.language, localZone()) })}</Text>
            <Group gap="xs" mt={6}>
              <Badge variant="light" color="moss" leftSection={<BookOpen size={12} aria-hidden />} tt="none">
                {t('people.booksRead', { count: user.books_read })}
              </Badge>
              {user.report && (
                <Badge variant="light" color="red">
                  {t('people.reported')}
                </Badge>
              )}
            </Group>
          </div>
          <Button ml="auto" variant="subtle" color="gray" leftSection={<Flag size={16} aria-hidden />} onClick={() => setReporting(true)} data-testid="report-open">
            {t('people.report')}
          </Button>
        </Group>
      </div>
      <Section title={t('people.clubs')}>
        {user.clubs.length === 0 && <Empty icon={<UsersRound />} title={t('people.clubsEmpty')} text={t('people.clubsEmptyText', { name: user.nickname })} />}
        <ul className={cards.grid}>
          {user.clubs.map((c) => (
            <li key={c.id}>
              <article className={`${cards.card} ${cards.linked}`}>
                <Link to={`/clubs/${c.id}`} className={cards.link}>
                  <Text fw={600} component="span">
                    {c.title}
                  </Text>
                </Link>
              </article>
            </li>
          ))}
        </ul>
      </Section>
      <BooksOf user={user} />
      <ReportForm person={user} opened={reporting} close={() => setReporting(false)} />
    </Stack>
  )
}

function BooksOf({ user }: { user: Schemas['Profile'] }) {
  const { t, i18n } = useTranslation()
  const readings = useBooksOf(user.id)
  return (
    <Section title={t('people.reading')}>
      <Listing list={readings} empty={<Empty icon={<BookOpen />} title={t('people.readingEmpty')} text={t('people.readingEmptyText')} />}>
        {(items) => (
          <ul className={cards.grid}>
            {items.map((r) => (
              <li key={r.id}>
                <article className={`${cards.card} ${cards.linked}`}>
                  <Link to={`/books/${r.book.id}`} className={cards.link}>
                    <Text fw={600} component="span">
                      {r.book.title}
                    </Text>
                  </Link>
                  <Text size="sm" c="dimmed">
                    {[r.book.author, formatDay(new Date(`${r.read_on}T12:00:00Z`), i18n.language, 'UTC'), r.rating ? '★'.repeat(r.rating) : ''].filter(Boolean).join(' · ')}
                  </Text>
                </article>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}
