import type { TrackReferenceOrPlaceholder } from '@livekit/components-react'
import { useSpeakingParticipants, useTracks } from '@livekit/components-react'
import { useElementSize } from '@mantine/hooks'
import { Track } from 'livekit-client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayoutMode, Seat } from './layout'
import { arrange, chooseFocus } from './layout'
import classes from './Stage.module.css'
import { Tile } from './Tile'

const shown = [
  { source: Track.Source.Camera, withPlaceholder: true },
  { source: Track.Source.ScreenShare, withPlaceholder: false },
]

const keyOf = (ref: TrackReferenceOrPlaceholder) => `${ref.participant.identity}/${ref.source}`

/** Everybody's tile. Tiles keep their element while they move, so that no picture starts anew. */
export function Stage({ mode }: { mode: LayoutMode }) {
  const { t } = useTranslation()
  const refs = useTracks(shown, { onlySubscribed: false })
  const { ref: box, width, height } = useElementSize()
  const [pinned, setPinned] = useState<string>()
  const speaker = useLastSpeaker()
  const seats = refs.map((ref): Seat => ({ key: keyOf(ref), screen: ref.source === Track.Source.ScreenShare, local: ref.participant.isLocal }))
  const focused = chooseFocus(seats, mode, pinned, speaker)
  const rects = arrange(seats, focused, width, height)
  return (
    <ul ref={box} className={classes.stage} aria-label={t('meeting.stage')} data-focused={focused}>
      {refs.map((ref) => {
        const key = keyOf(ref)
        const rect = rects.get(key)
        return (
          <Tile
            key={key}
            trackRef={ref}
            rect={rect ?? { left: 0, top: 0, width: 0, height: 0 }}
            focused={key === focused}
            togglePin={() => setPinned(pinned === key ? undefined : key)}
            pinned={pinned === key}
          />
        )
      })}
    </ul>
  )
}

/** Key of the camera of the person, other than oneself, who spoke last. */
function useLastSpeaker(): string | undefined {
  const speaking = useSpeakingParticipants().find((p) => !p.isLocal)
  const [last, setLast] = useState<string>()
  const key = speaking && `${speaking.identity}/${Track.Source.Camera}`
  if (key !== undefined && key !== last) setLast(key)
  return key ?? last
}
