import { Title } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Conference, Tagged } from '../api/client'
import { useClub } from '../api/clubs'
import { fetchConference, useConference, useUpdateConference } from '../api/conferences'
import { NotFoundPage } from '../pages/NotFoundPage'
import classes from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useTell } from '../parts/useTell'
import { localZone } from '../time/format'
import { ConferenceForm } from './ConferenceForm'
import { planOf } from './plan'

export function EditConferencePage() {
  const id = usePathId()
  const conference = useConference(id)
  const club = useClub(conference.data?.club_id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (conference.isError) return <Failed error={conference.error} retry={() => void conference.refetch()} />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  if (!conference.data || (conference.data.club_id !== undefined && !club.data)) return <Loading full />
  return <EditOf conference={conference.data} zone={club.data?.time_zone ?? localZone()} />
}

function EditOf({ conference, zone }: { conference: Tagged<Conference>; zone: string }) {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const update = useUpdateConference(conference.id)
  const [initial] = useState(() => planOf(conference, zone))
  const etag = useRef(conference.etag)
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
        book={conference.book}
        exists
        send={async (body) => {
          await update.mutateAsync({ ...body, etag: etag.current })
          tell.done(t('conference.edited'))
          void navigate(back, { replace: true })
        }}
        newest={async () => {
          const latest = await fetchConference(conference.id)
          etag.current = latest.etag
          return planOf(latest, zone)
        }}
      />
    </div>
  )
}
