import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { BookOpen, CalendarClock, CalendarX2, Globe, History, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club } from '../api/client'
import { useClub, useMembers } from '../api/clubs'
import { useClubConferences } from '../api/conferences'
import { useMe } from '../api/session'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { BookSection } from '../parts/BookSection'
import { ConferenceCard } from '../parts/ConferenceCard'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { People } from '../parts/People'
import { Section } from '../parts/Section'
import { rhythmWords } from '../schedule/words'
import { Membership } from './Membership'
import { Thumb } from './Thumb'
import { Notices, Rules } from './Wall'

export function ClubPage() {
  const id = usePathId()
  return Number.isNaN(id) ? <NotFoundPage /> : <ClubById id={id} />
}

function ClubById({ id }: { id: number }) {
  const club = useClub(id)
  const me = useMe()
  if (club.isPending || me.isPending) return <Loading full />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  return <ClubView club={club.data} signedIn={Boolean(me.data)} />
}

function ClubView({ club, signedIn }: { club: Club; signedIn: boolean }) {
  const { t } = useTranslation()
  const member = club.role !== 'none'
  return (
    <Stack gap={36}>
      <PageTitle title={club.title} />
      <Cover club={club} signedIn={signedIn} />
      <div className={pages.columns}>
        <Stack gap={36} miw={0}>
          {member && <Notices clubId={club.id} />}
          {signedIn && <Upcoming club={club} />}
          <Section title={t('club.about')}>
            <Text className={cards.prose} c={club.detail ? undefined : 'dimmed'}>
              {club.detail || t('club.aboutEmpty')}
            </Text>
          </Section>
          <Rules clubId={club.id} />
          {member && (
            <div>
              <Button component={Link} to={`/clubs/${club.id}/history`} variant="default" leftSection={<History size={17} aria-hidden />}>
                {t('club.history')}
              </Button>
            </div>
          )}
        </Stack>
        <Stack gap={36} miw={0}>
          {club.book && <BookSection title={t('club.book')} book={club.book} />}
          <Members club={club} signedIn={signedIn} />
        </Stack>
      </div>
    </Stack>
  )
}

function Cover({ club, signedIn }: { club: Club; signedIn: boolean }) {
  const { t, i18n } = useTranslation()
  const free = club.max_user - club.member_count
  return (
    <div className={pages.cover}>
      <Group wrap="nowrap" align="flex-start" gap="lg">
        <Thumb title={club.title} url={club.thumbnail} size="cover" />
        <div style={{ minWidth: 0 }}>
          <Group gap="xs" mb={6}>
            {club.role === 'owner' && <Badge variant="light">{t('club.owner')}</Badge>}
            {club.role === 'member' && <Badge variant="light">{t('club.member')}</Badge>}
            <Badge variant="light" color={free > 0 ? 'moss' : 'gray'}>
              {free > 0 ? t('club.seatsLeft', { count: free }) : t('club.full')}
            </Badge>
            <Badge variant="default">{t(`finder.categories.${club.category}`)}</Badge>
          </Group>
          <Title order={1}>{club.title}</Title>
          {club.summary && (
            <Text size="lg" mt={4}>
              {club.summary}
            </Text>
          )}
        </div>
      </Group>
      <div className={cards.meta} style={{ marginTop: '0.9rem' }}>
        <span>
          <UsersRound size={16} aria-hidden />
          {t('club.memberCount', { count: club.member_count, max: club.max_user })}
          {club.waiting_count > 0 && ` · ${t('club.waitingCount', { count: club.waiting_count })}`}
        </span>
        <span data-testid="club-rhythm">
          <CalendarClock size={16} aria-hidden />
          {club.schedule ? rhythmWords(club.schedule, i18n.language) : t('club.noSchedule')}
        </span>
        <span>
          <Globe size={16} aria-hidden />
          {club.time_zone}
        </span>
        {club.book && (
          <span>
            <BookOpen size={16} aria-hidden />
            {club.book.title}
          </span>
        )}
      </div>
      <Membership club={club} signedIn={signedIn} />
    </div>
  )
}

function Upcoming({ club }: { club: Club }) {
  const { t } = useTranslation()
  const list = useClubConferences(club.id, 'upcoming', true)
  const member = club.role !== 'none'
  return (
    <Section title={t('club.upcoming')}>
      <Listing
        list={list}
        first={4}
        empty={
          <Empty icon={<CalendarX2 />} title={t('club.upcomingEmpty')} text={member ? t('club.upcomingEmptyText') : t('schedule.none')}>
            {member && (
              <Button component={Link} to={`/clubs/${club.id}/schedule`} variant="light" mt="xs">
                {t('club.schedule')}
              </Button>
            )}
          </Empty>
        }
      >
        {(items) => (
          <ul className={cards.grid}>
            {items.map((c) => (
              <li key={c.id}>
                <ConferenceCard conference={c} member={member} />
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}

function Members({ club, signedIn }: { club: Club; signedIn: boolean }) {
  const { t } = useTranslation()
  const members = useMembers(club.id, signedIn)
  return (
    <Section title={t('club.members')}>
      {!signedIn && (
        <Text c="dimmed" size="sm">
          <Anchor component={Link} to={`/sign-in?next=/clubs/${club.id}`} underline="always">
            {t('club.signInToSee')}
          </Anchor>
        </Text>
      )}
      {signedIn && <Listing list={members}>{(items) => <People members={items} />}</Listing>}
    </Section>
  )
}
