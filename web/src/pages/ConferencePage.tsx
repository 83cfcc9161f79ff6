import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { CalendarDays, CalendarX2, Pencil, Video } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club, Conference } from '../api/client'
import { problemMessage } from '../api/problem'
import { useClub, useMembers } from '../api/clubs'
import { useCancelConference, useConference } from '../api/conferences'
import { useUser } from '../app/SignedIn'
import { useMessage } from '../i18n/useMessage'
import { Notes } from '../notes/Notes'
import { Confirm } from '../parts/Confirm'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { People } from '../parts/People'
import { Section } from '../parts/Section'
import { StatusBadge } from '../parts/StatusBadge'
import { isOpen, statusAt } from '../time/conference'
import { formatDate, formatRange, formatTime, localZone } from '../time/format'
import { useCountdown } from '../time/useCountdown'
import { useNow } from '../time/useNow'
import { NotFoundPage } from './NotFoundPage'
import classes from './pages.module.css'
import { usePathId } from './usePathId'

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
  const me = useUser()
  const now = useNow(10_000)
  const members = useMembers(club?.id)
  const member = conference.role !== 'none'
  const live = isOpen(conference, now)
  return (
    <Stack gap={36}>
      <PageTitle title={conference.title} />
      <Head conference={conference} club={club} now={now} />
      <div className={classes.columns}>
        <Stack gap={36}>
          {conference.description && (
            <Section title={t('conference.description')}>
              <Text className={cards.prose}>{conference.description}</Text>
            </Section>
          )}
          <Section title={t('notes.title')}>
            {member ? (
              <Notes conferenceId={conference.id} me={me} members={members.data?.items ?? []} every={live ? 5_000 : 30_000} />
            ) : (
              <Text c="dimmed">{t('conference.membersOnly')}</Text>
            )}
          </Section>
        </Stack>
        {club && <Section title={t('conference.who')}>
          <Listing list={members}>{(items) => <People members={items} since={false} />}</Listing>
        </Section>}
      </div>
    </Stack>
  )
}

function Head({ conference, club, now }: { conference: Conference; club: Club | undefined; now: Date }) {
  const { t, i18n } = useTranslation()
  const [start, end] = [new Date(conference.call_start_time), new Date(conference.call_end_time)]
  const zone = club?.time_zone ?? localZone()
  const when = (zone: string) => formatRange(start, end, i18n.language, zone)
  return (
    <div className={classes.cover}>
      <Group gap="sm" mb={8}>
        <StatusBadge conference={conference} now={now} size="lg" />
        {club ? (
          <Anchor component={Link} to={`/clubs/${club.id}`} fw={600} size="sm">
            {club.title}
          </Anchor>
        ) : (
          <Text fw={600} size="sm">
            {t('finder.lightning')}
          </Text>
        )}
      </Group>
      <Title order={1}>{conference.title}</Title>
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
      <Group mt="lg" gap="sm">
        <Entrance conference={conference} club={club} now={now} />
        <OwnersActions conference={conference} now={now} />
      </Group>
    </div>
  )
}

/** The way into the meeting, or why there is none now. */
function Entrance({ conference, club, now }: { conference: Conference; club: Club | undefined; now: Date }) {
  const { t, i18n } = useTranslation()
  const opens = new Date(conference.join_opens_at)
  const until = useCountdown(now, opens)
  if (conference.status === 'cancelled') return <Text c="dimmed">{t('conference.cancelledText')}</Text>
  if (club && conference.role === 'none') {
    return (
      <Group gap="sm">
        <Button component={Link} to={`/clubs/${club.id}`}>
          {t('conference.toClub')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('conference.membersOnlyText')}
        </Text>
      </Group>
    )
  }
  if (isOpen(conference, now)) {
    return (
      <Button component={Link} to={`/conferences/${conference.id}/meeting`} size="md" leftSection={<Video size={19} aria-hidden />} data-testid="join-meeting">
        {t('conference.join')}
      </Button>
    )
  }
  if (statusAt(conference, now) === 'ended') return <Text c="dimmed">{t('conference.ended')}</Text>
  const zone = club?.time_zone ?? localZone()
  const at = `${formatDate(opens, i18n.language, zone)} ${formatTime(opens, i18n.language, zone)}`
  return (
    <Group gap="sm">
      <Button size="md" disabled leftSection={<Video size={19} aria-hidden />} data-testid="join-meeting">
        {t('conference.opensIn', { when: until })}
      </Button>
      <Text size="sm" c="dimmed">
        {t('conference.notOpen', { when: at })}
      </Text>
    </Group>
  )
}

function OwnersActions({ conference, now }: { conference: Conference; now: Date }) {
  const { t } = useTranslation()
  const me = useUser()
  const say = useMessage()
  const cancel = useCancelConference(conference.id)
  const [asking, setAsking] = useState(false)
  const status = statusAt(conference, now)
  const mine = conference.owner_id === me.id || conference.role === 'owner'
  if (!mine || status === 'ended' || status === 'cancelled') return null
  return (
    <>
      <Button component={Link} to={`/conferences/${conference.id}/edit`} variant="default" leftSection={<Pencil size={16} aria-hidden />}>
        {t('app.edit')}
      </Button>
      <Button variant="subtle" color="gray" leftSection={<CalendarX2 size={16} aria-hidden />} onClick={() => setAsking(true)} data-testid="conference-cancel">
        {t('conference.cancel')}
      </Button>
      <Confirm
        opened={asking}
        close={() => setAsking(false)}
        title={t('conference.cancelConfirm')}
        text={t('conference.cancelConfirmText')}
        yes={t('conference.cancel')}
        no={t('conference.keep')}
        run={() =>
          cancel.mutate(undefined, {
            onSuccess: () => notifications.show({ message: t('conference.cancelled') }),
            onError: (error) => notifications.show({ color: 'red', message: say(problemMessage(error)) }),
          })
        }
      />
    </>
  )
}
