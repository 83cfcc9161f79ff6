import { Badge, Button, Group, Stack } from '@mantine/core'
import { Hourglass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Club, Person, Schemas } from '../api/client'
import { useAcceptWaiting, useDeclineWaiting, useMembers, useRemoveMember, useWaiting } from '../api/clubs'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { People, PersonLine } from '../parts/People'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import { formatDay, localZone } from '../time/format'
import classes from './Manage.module.css'

/** Who is in the club and who waits; the owner lets in, sends away and takes seats back. */
export function Members({ club }: { club: Club }) {
  const { t } = useTranslation()
  const tell = useTell()
  const members = useMembers(club.id)
  const remove = useRemoveMember(club.id)
  const { ask, dialog } = useConfirm()
  const out = ({ id, nickname: name }: Person) =>
    ask({
      title: t('manage.removeConfirm', { name }),
      text: t('manage.removeConfirmText'),
      yes: t('manage.removeMember'),
      run: () => remove.mutateAsync(id).then(() => tell.done(t('manage.removed', { name })), tell.failed),
    })
  return (
    <Stack gap="xl">
      <Waiting club={club} />
      <Section title={`${t('manage.members')} ${t('club.memberCount', { count: club.member_count, max: club.max_user })}`}>
        <Listing list={members}>
          {(items) => (
            <People
              members={items}
              action={(m) =>
                m.role !== 'owner' && (
                  <Button variant="subtle" color="red" c="var(--mantine-color-error)" onClick={() => out(m.user)} data-testid="member-remove">
                    {t('manage.removeMember')}
                  </Button>
                )
              }
            />
          )}
        </Listing>
      </Section>
      {dialog}
    </Stack>
  )
}

function Waiting({ club }: { club: Club }) {
  const { t } = useTranslation()
  const waiting = useWaiting(club.id)
  return (
    <Section title={t('manage.waiting')}>
      <Listing list={waiting} empty={<Empty icon={<Hourglass />} title={t('manage.waitingEmpty')} text={t('manage.waitingEmptyText')} />}>
        {(items) => (
          <ol className={classes.list} data-testid="waiting-list">
            {items.map((w) => (
              <WaitingRow key={w.user.id} club={club} waiting={w} />
            ))}
          </ol>
        )}
      </Listing>
    </Section>
  )
}

function WaitingRow({ club, waiting }: { club: Club; waiting: Schemas['Waiting'] }) {
  const { t, i18n } = useTranslation()
  const tell = useTell()
  const accept = useAcceptWaiting(club.id)
  const decline = useDeclineWaiting(club.id)
  const { ask, dialog } = useConfirm()
  const { id, nickname: name } = waiting.user
  const letIn = () =>
    accept.mutateAsync(id).then((m) => tell.done(m.role === 'none' ? t('manage.acceptedWaits', { name }) : t('manage.accepted', { name })), tell.failed)
  const sendAway = () => decline.mutateAsync(id).then(() => tell.done(t('manage.declined', { name })), tell.failed)
  return (
    <li className={classes.row}>
      <span className={classes.number} aria-hidden>
        {waiting.position}
      </span>
      <PersonLine person={waiting.user} below={t('manage.since', { date: formatDay(new Date(waiting.since), i18n.language, localZone()) })} />
      <Badge variant="light" color={waiting.state === 'asked' ? 'clay' : 'gray'} tt="none">
        {waiting.state === 'asked' ? t('manage.asked') : t('manage.queued')}
      </Badge>
      <Group gap="xs">
        {waiting.state === 'asked' && (
          <Button loading={accept.isPending} onClick={letIn} data-testid="waiting-accept">
            {t('manage.accept')}
          </Button>
        )}
        <Button
          variant="default"
          onClick={() => ask({ title: t('manage.declineConfirm', { name }), yes: t('manage.decline'), run: sendAway })}
          data-testid="waiting-decline"
        >
          {t('manage.decline')}
        </Button>
      </Group>
      {dialog}
    </li>
  )
}
