import { Button } from '@mantine/core'
import { CalendarX2, Pencil } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Conference } from '../api/client'
import { useCancelConference } from '../api/conferences'
import { useUser } from '../app/SignedIn'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import { statusAt } from '../time/conference'

/** What the owner of a conference, or of its club, may do while it is not over. */
export function OwnersActions({ conference, now }: { conference: Conference; now: Date }) {
  const { t } = useTranslation()
  const me = useUser()
  const tell = useTell()
  const cancel = useCancelConference(conference.id)
  const { ask, dialog } = useConfirm()
  const status = statusAt(conference, now)
  const mine = conference.owner_id === me.id || conference.role === 'owner'
  if (!mine || status === 'ended' || status === 'cancelled') return null
  const run = () => cancel.mutate(undefined, { onSuccess: () => tell.done(t('conference.cancelled')), onError: tell.failed })
  return (
    <>
      <Button component={Link} to={`/conferences/${conference.id}/edit`} variant="default" leftSection={<Pencil size={16} aria-hidden />} data-testid="conference-edit">
        {t('meet.move')}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<CalendarX2 size={16} aria-hidden />}
        onClick={() => ask({ title: t('conference.cancelConfirm'), text: t('conference.cancelConfirmText'), yes: t('conference.cancel'), no: t('conference.keep'), run })}
        data-testid="conference-cancel"
      >
        {t('conference.cancel')}
      </Button>
      {dialog}
    </>
  )
}
