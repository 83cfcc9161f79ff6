import { Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Conference, Tagged } from '../api/client'
import { useClub } from '../api/clubs'
import { useConference, useUpdateConference } from '../api/conferences'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { ConferenceForm } from './ConferenceForm'
import { NotFoundPage } from './NotFoundPage'
import { planOf } from './plan'
import { localZone } from '../time/format'
import classes from './pages.module.css'
import { usePathId } from './usePathId'

export function EditConferencePage() {
  const id = usePathId()
  const conference = useConference(id)
  const club = useClub(conference.data?.club_id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (conference.isError) return <Failed error={conference.error} retry={() => void conference.refetch()} />
  if (!conference.data || (conference.data.club_id !== undefined && !club.data)) return <Loading full />
  return <EditOf conference={conference.data} zone={club.data?.time_zone ?? localZone()} />
}

function EditOf({ conference, zone }: { conference: Tagged<Conference>; zone: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const update = useUpdateConference(conference.id)
  const [{ initial, etag }] = useState(() => ({ initial: planOf(conference, zone), etag: conference.etag }))
  const back = `/conferences/${conference.id}`
  return (
    <div className={classes.narrow}>
      <PageTitle title={t('conference.editTitle')} />
      <Title order={1} mb="lg">
        {t('conference.editTitle')}
      </Title>
      <ConferenceForm
        initial={initial}
        submit={t('app.save')}
        back={back}
        send={async (body) => {
          await update.mutateAsync({ ...body, etag })
          notifications.show({ color: 'moss', message: t('conference.edited') })
          void navigate(back, { replace: true })
        }}
      />
    </div>
  )
}
