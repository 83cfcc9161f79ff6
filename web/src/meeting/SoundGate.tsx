import { Button } from '@mantine/core'
import type { Room } from 'livekit-client'
import { RoomEvent } from 'livekit-client'
import { Volume2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './SoundGate.module.css'

/** Browsers keep pages silent until somebody presses something; this is something to press. */
export function SoundGate({ room }: { room: Room }) {
  const { t } = useTranslation()
  const [silent, setSilent] = useState(() => !room.canPlaybackAudio)
  useEffect(() => {
    const look = () => setSilent(!room.canPlaybackAudio)
    room.on(RoomEvent.AudioPlaybackStatusChanged, look)
    return () => void room.off(RoomEvent.AudioPlaybackStatusChanged, look)
  }, [room])
  if (!silent) return null
  return (
    <div className={classes.gate} role="alert">
      {t('meeting.startAudioText')}
      <Button size="xs" leftSection={<Volume2 size={16} aria-hidden />} onClick={() => void room.startAudio()} data-testid="start-audio">
        {t('meeting.startAudio')}
      </Button>
    </div>
  )
}
