import type { TrackReferenceOrPlaceholder } from '@livekit/components-react'
import { isTrackReference, useConnectionQualityIndicator, useIsSpeaking, useTrackMutedIndicator, VideoTrack } from '@livekit/components-react'
import { Track } from 'livekit-client'
import { MicOff, MonitorUp, Pin, SignalLow } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Face } from '../parts/Face'
import type { Rect } from './layout'
import { isWeak } from './quality'
import classes from './Tile.module.css'

export interface TileProps {
  trackRef: TrackReferenceOrPlaceholder
  /** Where it stands; without size it is not shown, and its video is not asked for. */
  rect: Rect
  focused: boolean
  pinned: boolean
  togglePin: () => void
}

/** One person's camera, or a shared screen. Pressing it shows it large. */
export function Tile({ trackRef, rect, focused, pinned, togglePin }: TileProps) {
  const { t } = useTranslation()
  const { participant, source } = trackRef
  const screen = source === Track.Source.ScreenShare
  const speaking = useIsSpeaking(participant) && !screen
  const { isMuted: noMic } = useTrackMutedIndicator({ participant, source: Track.Source.Microphone })
  const { isMuted: noPicture } = useTrackMutedIndicator(trackRef)
  const { quality } = useConnectionQualityIndicator({ participant })
  const person = { nickname: participant.name || participant.identity }
  const name = participant.isLocal ? `${person.nickname} (${t('meeting.you')})` : person.nickname
  const caption = screen ? t('meeting.screenOf', { name: person.nickname }) : name
  const picture = isTrackReference(trackRef) && !noPicture
  return (
    <li
      className={classes.tile}
      style={{ transform: `translate(${rect.left}px, ${rect.top}px)`, width: rect.width, height: rect.height, display: rect.width > 0 ? undefined : 'none' }}
      data-testid={screen ? 'screen-tile' : 'participant-tile'}
      data-identity={participant.identity}
      data-muted={noMic}
      data-camera={picture}
      data-speaking={speaking}
      data-focused={focused}
      data-local={participant.isLocal}
    >
      {picture ? (
        <VideoTrack trackRef={trackRef} className={screen ? classes.screen : classes.video} data-mirrored={(participant.isLocal && !screen) || undefined} />
      ) : (
        <div className={classes.blank}>
          <Face person={person} size={Math.max(32, Math.min(112, rect.height * 0.38))} />
        </div>
      )}
      <div className={classes.caption} data-small={rect.width < 160 || undefined}>
        {screen && <MonitorUp size={14} aria-hidden />}
        {!screen && noMic && <MicOff size={14} role="img" aria-label={t('meeting.muted')} className={classes.muted} />}
        <span className={classes.name}>{caption}</span>
        {isWeak(quality) && <SignalLow size={14} role="img" aria-label={t('meeting.weakConnection')} className={classes.muted} />}
      </div>
      {pinned && (
        <span className={classes.pin} aria-hidden>
          <Pin size={14} />
        </span>
      )}
      <button
        type="button"
        className={classes.press}
        aria-label={pinned ? t('meeting.unpin', { name: caption }) : t('meeting.pin', { name: caption })}
        aria-pressed={pinned}
        onClick={togglePin}
        data-testid="focus-toggle"
      />
    </li>
  )
}
