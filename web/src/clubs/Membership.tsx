import { Button, Group, Text } from '@mantine/core'
import { CalendarPlus, Hourglass, Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club, Schemas } from '../api/client'
import { useJoinClub, useLeaveClub, useMembership } from '../api/clubs'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'

interface Props {
  club: Club
}

/** What the visitor, whoever waits, the member or the owner can do here. */
export function Membership({ club, signedIn }: Props & { signedIn: boolean }) {
  const { t } = useTranslation()
  const membership = useMembership(club.id, signedIn && club.role === 'none')
  if (!signedIn) {
    return (
      <Group mt="lg">
        <Button component={Link} to={`/sign-in?next=/clubs/${club.id}`}>
          {t('club.signInToJoin')}
        </Button>
      </Group>
    )
  }
  const waiting = membership.data?.waiting
  return (
    <Group mt="lg" gap="sm">
      {club.role !== 'none' ? <Inside club={club} /> : waiting ? <InLine club={club} waiting={waiting} /> : <Outside club={club} />}
    </Group>
  )
}

function Outside({ club }: Props) {
  const { t } = useTranslation()
  const tell = useTell()
  const join = useJoinClub(club.id)
  const full = club.member_count >= club.max_user
  const words = club.join_rule === 'ask' ? t('club.askToJoin') : full ? t('club.waitForSeat') : t('club.join')
  const title = club.title
  function done(got: Schemas['Member'] | Schemas['Waiting']) {
    if ('role' in got) tell.done(t('club.joined', { title }))
    else tell.done(got.state === 'asked' ? t('club.asked', { title }) : t('club.queued', { title }))
  }
  return (
    <Button loading={join.isPending} data-testid="club-join" onClick={() => join.mutateAsync(undefined).then(done, tell.failed)}>
      {words}
    </Button>
  )
}

function InLine({ club, waiting }: Props & { waiting: Schemas['Waiting'] }) {
  const { t } = useTranslation()
  const tell = useTell()
  const leave = useLeaveClub(club.id)
  const { ask, dialog } = useConfirm()
  const stop = () => leave.mutateAsync(undefined).then(() => tell.done(t('club.stopped')), tell.failed)
  return (
    <>
      <Group gap={8} data-testid="waiting-state">
        <Hourglass size={18} aria-hidden />
        <Text fw={600}>{waiting.state === 'asked' ? t('club.askedState') : t('club.queuedState', { position: waiting.position })}</Text>
      </Group>
      <Button
        variant="default"
        onClick={() => ask({ title: t('club.stopWaitingConfirm'), text: t('club.stopWaitingText'), yes: t('club.stopWaiting'), run: stop })}
        data-testid="stop-waiting"
      >
        {t('club.stopWaiting')}
      </Button>
      {dialog}
    </>
  )
}

function Inside({ club }: Props) {
  const { t } = useTranslation()
  const tell = useTell()
  const leave = useLeaveClub(club.id)
  const { ask, dialog } = useConfirm()
  const title = club.title
  const out = () => leave.mutateAsync(undefined).then(() => tell.done(t('club.left', { title })), tell.failed)
  return (
    <>
      <Button component={Link} to={`/clubs/${club.id}/schedule`} leftSection={<CalendarPlus size={17} aria-hidden />} data-testid="schedule-conference">
        {t('club.schedule')}
      </Button>
      {club.role === 'owner' && (
        <Button component={Link} to={`/clubs/${club.id}/manage`} variant="default" leftSection={<Settings size={17} aria-hidden />} data-testid="club-manage">
          {t('manage.open')}
        </Button>
      )}
      {club.role === 'member' && (
        <Button
          variant="default"
          data-testid="club-leave"
          onClick={() => ask({ title: t('club.leaveConfirm'), text: t('club.leaveConfirmText', { title }), yes: t('club.leave'), run: out })}
        >
          {t('club.leave')}
        </Button>
      )}
      {dialog}
    </>
  )
}
