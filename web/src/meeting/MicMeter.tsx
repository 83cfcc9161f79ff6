import { Progress } from '@mantine/core'
import { useTrackVolume } from '@livekit/components-react'
import type { LocalAudioTrack } from 'livekit-client'
import { useTranslation } from 'react-i18next'

/** How loud the microphone is, so that one sees that it works. */
export function MicMeter({ track }: { track: LocalAudioTrack | undefined }) {
  const { t } = useTranslation()
  const volume = useTrackVolume(track)
  return <Progress value={Math.min(100, volume * 160)} color="moss.5" size="sm" aria-label={t('meeting.micLevel')} transitionDuration={80} />
}
