import { notifications } from '@mantine/notifications'
import { RoomContext } from '@livekit/components-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import type { Conference } from '../api/client'
import { useClub, useMembers } from '../api/clubs'
import { useConference } from '../api/conferences'
import { useUser } from '../app/SignedIn'
import { NotFoundPage } from '../pages/NotFoundPage'
import { usePathId } from '../pages/usePathId'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { deviceErrorKey } from './deviceError'
import { EndScreen } from './EndScreen'
import { Lobby } from './Lobby'
import { MeetingRoom } from './MeetingRoom'
import { parseMeetingOptions } from './meetingOptions'
import { useMeeting } from './useMeeting'

/** The meeting of a conference: a lobby, the room, and what comes after. */
export function MeetingPage() {
  const id = usePathId()
  const conference = useConference(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (conference.data) return <Meeting conference={conference.data} />
  if (conference.isError) return <Failed error={conference.error} retry={() => void conference.refetch()} />
  return <Loading full />
}

const everything = { mic: true, camera: true, micId: '', cameraId: '' }

function Meeting({ conference }: { conference: Conference }) {
  const { t } = useTranslation()
  const me = useUser()
  const navigate = useNavigate()
  const { search } = useLocation()
  const [options] = useState(() => parseMeetingOptions(search))
  const club = useClub(conference.club_id)
  const members = useMembers(conference.club_id)
  const onDeviceError = useCallback(
    (error: unknown) => notifications.show({ color: 'red', message: t(`meeting.${deviceErrorKey(error)}`), autoClose: 8000 }),
    [t],
  )
  const { room, phase, enter, reset } = useMeeting(conference.id, options, onDeviceError)

  const entered = useRef(false)
  useEffect(() => {
    if (options.prejoin || entered.current) return
    entered.current = true
    void enter(everything)
  }, [options.prejoin, enter])

  const back = `/conferences/${conference.id}`
  const title = <PageTitle title={`${conference.title} · ${t('meeting.title')}`} />
  if (phase.name === 'in') {
    return (
      <RoomContext.Provider value={room}>
        {title}
        <MeetingRoom
          room={room}
          conference={conference}
          me={me}
          members={members.data?.items ?? []}
          onDeviceError={onDeviceError}
          leave={() => {
            void room.disconnect()
            void navigate(back)
          }}
        />
      </RoomContext.Provider>
    )
  }
  if (phase.name === 'over' && phase.ending !== 'left') return <EndScreen ending={phase.ending} conference={conference} rejoin={reset} />
  if (phase.name === 'joining' && !options.prejoin) return <Loading full />
  return (
    <>
      {title}
      <Lobby
        conference={conference}
        me={me}
        clubTitle={club.data?.title ?? conference.club_title ?? t('finder.lightning')}
        joining={phase.name === 'joining'}
        error={phase.name === 'lobby' ? phase.error : undefined}
        enter={(choices) => void enter(choices)}
      />
    </>
  )
}
