import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { CalendarDays, CalendarPlus, UsersRound, Zap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club, Conference } from '../api/client'
import { useClub, useMembers } from '../api/clubs'
import { useConference } from '../api/conferences'
import { useUser } from '../app/SignedIn'
import { Notes } from '../notes/Notes'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { BookSection } from '../parts/BookSection'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { People } from '../parts/People'
import { Section } from '../parts/Section'
import { StatusBadge } from '../parts/StatusBadge'
import { isOpen, statusAt } from '../time/conference'
import { formatRange, localZone } from '../time/format'
import { useCountdown } from '../time/useCountdown'
import { useNow } from '../time/useNow'
import { Attendance } from './Attendance'
import { Countdown } from './Countdown'
import { Entrance } from './Entrance'
import { Exports } from './Exports'
import { OwnersActions } from './OwnersActions'
import { Related } from './Related'
import { freeSeats } from './seats'

/** A conference before, while and after it takes place. */
export function ConferencePage() {
  const id = usePathId()
  const conference = useConference(id)
  const club = useClub(conference.data?.club_id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (conference.isError) return <Failed error={conference.error} retry={() => void conference.refetch()} />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  if (!conference.data || (conference.data.club_id !== undefined && !club.data)) return <Loading full />
  return <ConferenceView conference={conference.data} club={club.data} />
}

function ConferenceView({ conference, club }: { conference: Conference; club: Club | undefined }) {
  const { t } = useTranslation()
  const now = useNow(5_000)
  const members = useMembers(club?.id)
  const inside = conference.role !== 'none'
  const open = isOpen(conference, now)
  const begun = open || statusAt(conference, now) === 'ended'
  return (
    <Stack gap={36}>
      <PageTitle title={conference.title} />
      <Head conference={conference} club={club} now={now} />
      <div className={pages.columns}>
        <Stack gap={36} miw={0}>
          {conference.description && (
            <Section title={t('conference.description')}>
              <Text className={cards.prose}>{conference.description}</Text>
            </Section>
          )}
          <Minutes conference={conference} club={club} open={open} />
        </Stack>
        <Stack gap={36} miw={0}>
          {conference.book && <BookSection title={t('meet.book')} book={conference.book} />}
          {inside && begun && <Attendance conference={conference} open={open} />}
          {inside && club && (
            <Section title={t('meet.related')}>
              <Related conferenceId={conference.id} />
            </Section>
          )}
          {club && !(inside && begun) && (
            <Section title={t('conference.who')}>
              <Listing list={members}>{(items) => <People members={items} since={false} />}</Listing>
            </Section>
          )}
        </Stack>
      </div>
    </Stack>
  )
}

/** What was said, to read, write and take away; for those who were or may be there. */
function Minutes({ conference, club, open }: { conference: Conference; club: Club | undefined; open: boolean }) {
  const { t } = useTranslation()
  const me = useUser()
  const members = useMembers(club?.id)
  return (
    <Section title={t('notes.title')}>
      {conference.role === 'none' ? (
        <Text c="dimmed">{club ? t('conference.membersOnly') : t('meet.lightningNotes')}</Text>
      ) : (
        <>
          <Notes conferenceId={conference.id} me={me} members={members.data?.items ?? []} every={open ? 5_000 : 30_000} />
          <Exports conferenceId={conference.id} />
        </>
      )}
    </Section>
  )
}

function Head({ conference, club, now }: { conference: Conference; club: Club | undefined; now: Date }) {
  const { t } = useTranslation()
  const start = new Date(conference.call_start_time)
  const until = useCountdown(now, start)
  const waiting = statusAt(conference, now) === 'scheduled'
  return (
    <div className={pages.cover}>
      <Group gap="sm" mb={8}>
        <StatusBadge conference={conference} now={now} size="lg" />
        {conference.recurring && <Badge variant="default">{t('meet.recurring')}</Badge>}
        {club ? (
          <Anchor component={Link} to={`/clubs/${club.id}`} fw={600} size="sm">
            {club.title}
          </Anchor>
        ) : (
          <Badge color="clay" variant="light" size="lg" leftSection={<Zap size={14} aria-hidden />}>
            {t('finder.lightning')}
          </Badge>
        )}
      </Group>
      <Title order={1}>{conference.title}</Title>
      <When conference={conference} zone={club?.time_zone ?? localZone()} />
      <div className={cards.meta} style={{ marginTop: '0.6rem' }}>
        {conference.present > 0 && (
          <span data-testid="present">
            <UsersRound size={16} aria-hidden />
            {t('meet.present', { count: conference.present })}
          </span>
        )}
        {conference.kind === 'lightning' && (
          <span data-testid="seats">
            <Zap size={16} aria-hidden />
            {freeSeats(conference) > 0 ? t('meet.seats', { max: conference.max_user ?? 0, free: freeSeats(conference) }) : t('meet.seatsFull')}
          </span>
        )}
      </div>
      {waiting && <Countdown at={start} said={until} />}
      <Group mt="lg" gap="sm">
        <Entrance conference={conference} club={club} now={now} />
        {waiting && (
          <Button
            component="a"
            href={`/api/v1/conferences/${conference.id}/event.ics`}
            download
            variant="default"
            leftSection={<CalendarPlus size={17} aria-hidden />}
            data-testid="to-calendar"
          >
            {t('meet.toCalendar')}
          </Button>
        )}
        <OwnersActions conference={conference} now={now} />
      </Group>
    </div>
  )
}

function When({ conference, zone }: { conference: Conference; zone: string }) {
  const { t, i18n } = useTranslation()
  const when = (at: string) => formatRange(new Date(conference.call_start_time), new Date(conference.call_end_time), i18n.language, at)
  return (
    <Group gap="xs" mt="sm" wrap="nowrap" align="flex-start">
      <CalendarDays size={20} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
      <div>
        <Text fw={600}>
          <time dateTime={conference.call_start_time}>{when(zone)}</time>{' '}
          <Text span c="dimmed" size="sm">
            {zone}
          </Text>
        </Text>
        {zone !== localZone() && (
          <Text size="sm" c="dimmed">
            {t('conference.localTime', { when: when(localZone()) })}
          </Text>
        )}
      </div>
    </Group>
  )
}
