import { Group, Text } from '@mantine/core'
import { useIsSpeaking, useTrackMutedIndicator } from '@livekit/components-react'
import type { Participant } from 'livekit-client'
import { Track } from 'livekit-client'
import { Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Face } from '../parts/Face'
import classes from './PeopleHere.module.css'

/** Who is in the room, with what each has turned on. */
export function PeopleHere({ people }: { people: Participant[] }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.list} aria-label={t('meeting.people')}>
      {people.map((p) => (
        <Row key={p.identity} participant={p} />
      ))}
    </ul>
  )
}

function Row({ participant }: { participant: Participant }) {
  const { t } = useTranslation()
  const speaking = useIsSpeaking(participant)
  const { isMuted: noMic } = useTrackMutedIndicator({ participant, source: Track.Source.Microphone })
  const { isMuted: noCamera } = useTrackMutedIndicator({ participant, source: Track.Source.Camera })
  const name = participant.name || participant.identity
  return (
    <li className={classes.row} data-testid="participant-row" data-identity={participant.identity} data-speaking={speaking || undefined}>
      <Face person={{ nickname: name }} size={34} />
      <Text fw={600} truncate style={{ flex: 1 }}>
        {name}
        {participant.isLocal && (
          <Text span c="dimmed" size="sm">
            {' '}
            ({t('meeting.you')})
          </Text>
        )}
      </Text>
      <Group gap={8} c="dimmed" wrap="nowrap">
        {noMic ? <MicOff size={17} role="img" aria-label={t('meeting.muted')} /> : <Mic size={17} role="img" aria-label={t('meeting.unmuted')} />}
        {noCamera ? <VideoOff size={17} aria-hidden /> : <Video size={17} aria-hidden />}
      </Group>
    </li>
  )
}
