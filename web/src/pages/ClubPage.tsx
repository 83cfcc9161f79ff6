import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { CalendarClock, CalendarPlus, CalendarX2, Globe, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club } from '../api/client'
import { problemMessage } from '../api/problem'
import { useClub, useClubConferences, useJoinClub, useLeaveClub, useMe, useMembers } from '../api/queries'
import { useMessage } from '../i18n/useMessage'
import { ConferenceCard } from '../parts/ConferenceCard'
import { Confirm } from '../parts/Confirm'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { People } from '../parts/People'
import { Section } from '../parts/Section'
import { NotFoundPage } from './NotFoundPage'
import classes from './pages.module.css'
import { usePathId } from './usePathId'

export function ClubPage() {
  const id = usePathId()
  return Number.isNaN(id) ? <NotFoundPage /> : <ClubById id={id} />
}

function ClubById({ id }: { id: number }) {
  const { t } = useTranslation()
  const club = useClub(id)
  const me = useMe()
  if (club.isPending || me.isPending) return <Loading full />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  const signedIn = Boolean(me.data)
  return (
    <Stack gap={36}>
      <PageTitle title={club.data.title} />
      <Cover club={club.data} signedIn={signedIn} />
      <div className={classes.columns}>
        <Stack gap={36}>
          {signedIn && <Conferences club={club.data} when="upcoming" />}
          <Section title={t('club.about')}>
            <Text className={cards.prose} c={club.data.detail ? undefined : 'dimmed'}>
              {club.data.detail || t('club.aboutEmpty')}
            </Text>
          </Section>
          {signedIn && <Conferences club={club.data} when="past" />}
        </Stack>
        <Members club={club.data} signedIn={signedIn} />
      </div>
    </Stack>
  )
}

function Cover({ club, signedIn }: { club: Club; signedIn: boolean }) {
  const { t } = useTranslation()
  const rhythm = [club.time_freq, club.time].filter(Boolean).join(' · ') || t('club.noSchedule')
  const free = club.max_user - club.member_count
  return (
    <div className={classes.cover}>
      <Group gap="xs" mb={6}>
        {club.role === 'owner' && <Badge variant="light">{t('club.owner')}</Badge>}
        {club.role === 'member' && <Badge variant="light">{t('club.member')}</Badge>}
        <Badge variant="light" color={free > 0 ? 'moss' : 'gray'}>
          {free > 0 ? t('club.seatsLeft', { count: free }) : t('club.full')}
        </Badge>
      </Group>
      <Title order={1}>{club.title}</Title>
      {club.summary && (
        <Text size="lg" mt={4}>
          {club.summary}
        </Text>
      )}
      <div className={cards.meta} style={{ marginTop: '0.9rem' }}>
        <span>
          <UsersRound size={16} aria-hidden />
          {t('club.memberCount', { count: club.member_count, max: club.max_user })}
        </span>
        <span>
          <CalendarClock size={16} aria-hidden />
          {rhythm}
        </span>
        <span>
          <Globe size={16} aria-hidden />
          {club.time_zone}
        </span>
      </div>
      <Group mt="lg" gap="sm">
        <Membership club={club} signedIn={signedIn} />
      </Group>
    </div>
  )
}

/** What the visitor, the member or the owner can do here. */
function Membership({ club, signedIn }: { club: Club; signedIn: boolean }) {
  const { t } = useTranslation()
  const say = useMessage()
  const join = useJoinClub(club.id)
  const leave = useLeaveClub(club.id)
  const [leaving, setLeaving] = useState(false)
  const failed = (error: unknown) => notifications.show({ color: 'red', message: say(problemMessage(error)) })
  const told = (message: string) => notifications.show({ color: 'moss', message })
  if (!signedIn) {
    return (
      <Button component={Link} to={`/sign-in?next=/clubs/${club.id}`}>
        {t('club.signInToJoin')}
      </Button>
    )
  }
  if (club.role === 'none') {
    return (
      <Button
        loading={join.isPending}
        disabled={club.member_count >= club.max_user}
        data-testid="club-join"
        onClick={() => join.mutate(undefined, { onSuccess: () => told(t('club.joined', { title: club.title })), onError: failed })}
      >
        {club.member_count >= club.max_user ? t('club.full') : t('club.join')}
      </Button>
    )
  }
  return (
    <>
      <Button component={Link} to={`/clubs/${club.id}/schedule`} leftSection={<CalendarPlus size={17} aria-hidden />} data-testid="schedule-conference">
        {t('club.schedule')}
      </Button>
      {club.role === 'member' && (
        <Button variant="default" onClick={() => setLeaving(true)} data-testid="club-leave">
          {t('club.leave')}
        </Button>
      )}
      <Confirm
        opened={leaving}
        close={() => setLeaving(false)}
        title={t('club.leaveConfirm')}
        text={t('club.leaveConfirmText', { title: club.title })}
        yes={t('club.leave')}
        no={t('app.cancel')}
        run={() => leave.mutate(undefined, { onSuccess: () => told(t('club.left', { title: club.title })), onError: failed })}
      />
    </>
  )
}

function Conferences({ club, when }: { club: Club; when: 'upcoming' | 'past' }) {
  const { t } = useTranslation()
  const list = useClubConferences(club.id, when, true)
  const items = list.data?.pages.flatMap((p) => p.items) ?? []
  if (when === 'past' && items.length === 0) return null
  return (
    <Section title={t(`club.${when}`)}>
      {list.isPending && <Loading />}
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <Empty icon={<CalendarX2 />} title={t('club.upcomingEmpty')} text={t('club.upcomingEmptyText')} />
      )}
      <ul className={cards.grid}>
        {items.map((c) => (
          <li key={c.id}>
            <ConferenceCard conference={c} member={club.role !== 'none'} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button mt="md" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('app.more')}
        </Button>
      )}
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
      {members.isError && <Failed error={members.error} retry={() => void members.refetch()} />}
      {members.data && <People members={members.data.items} />}
    </Section>
  )
}
