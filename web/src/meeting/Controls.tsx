import { useTrackToggle } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { Track } from 'livekit-client'
import { MessageCircle, Mic, MicOff, MonitorUp, MonitorX, NotebookPen, PhoneOff, UsersRound, Video, VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { deviceErrorKey } from './deviceError'
import type { LayoutMode } from './layout'
import type { PanelName } from './panelName'
import { RoundButton } from './RoundButton'
import { SettingsMenu } from './SettingsMenu'

export interface ControlsProps {
  room: Room
  panel: PanelName | undefined
  toggle: (name: PanelName) => void
  mode: LayoutMode
  setMode: (mode: LayoutMode) => void
  people: number
  unread: number
  noteNews: boolean
  onDeviceError: (error: unknown) => void
  leave: () => void
}

/** The buttons below the stage. */
export function Controls(p: ControlsProps) {
  const { t } = useTranslation()
  return (
    <>
      <OwnTracks onDeviceError={p.onDeviceError} />
      <RoundButton
        label={p.unread > 0 ? `${t('meeting.chat')}, ${t('meeting.unread', { count: p.unread })}` : t('meeting.chat')}
        icon={<MessageCircle size={21} />}
        active={p.panel === 'chat'}
        badge={p.unread}
        onClick={() => p.toggle('chat')}
        testId="chat-open"
      />
      <RoundButton label={t('notes.title')} icon={<NotebookPen size={21} />} active={p.panel === 'notes'} badge={p.noteNews} onClick={() => p.toggle('notes')} testId="notes-open" />
      <RoundButton
        label={t('meeting.peopleCount', { count: p.people })}
        icon={<PeopleIcon count={p.people} />}
        active={p.panel === 'people'}
        onClick={() => p.toggle('people')}
        testId="people-open"
      />
      <SettingsMenu room={p.room} mode={p.mode} setMode={p.setMode} onDeviceError={p.onDeviceError} />
      <RoundButton label={t('meeting.leave')} icon={<PhoneOff size={21} />} danger onClick={p.leave} testId="leave" />
    </>
  )
}

function PeopleIcon({ count }: { count: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 3, fontSize: 13, fontWeight: 700 }}>
      <UsersRound size={19} aria-hidden />
      <span data-testid="participants-count">{count}</span>
    </span>
  )
}

/** Phones' browsers have no way to share the screen, and pages without TLS have no devices at all. */
function canShareScreen(): boolean {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  return typeof devices?.getDisplayMedia === 'function'
}

/** Microphone, camera, screen: what this person gives to the others. */
function OwnTracks({ onDeviceError }: Pick<ControlsProps, 'onDeviceError'>) {
  const { t } = useTranslation()
  const mic = useTrackToggle({ source: Track.Source.Microphone, onDeviceError })
  const camera = useTrackToggle({ source: Track.Source.Camera, onDeviceError })
  const screen = useTrackToggle({
    source: Track.Source.ScreenShare,
    captureOptions: { audio: true, selfBrowserSurface: 'include' },
    // Closing the browser's dialogue is a choice, not a mistake.
    onDeviceError: (error) => deviceErrorKey(error) !== 'deviceDenied' && onDeviceError(error),
  })
  return (
    <>
      <RoundButton
        label={mic.enabled ? t('meeting.micOff') : t('meeting.micOn')}
        icon={mic.enabled ? <Mic size={21} /> : <MicOff size={21} />}
        off={!mic.enabled}
        disabled={mic.pending}
        onClick={() => void mic.toggle()}
        testId="mic-toggle"
      />
      <RoundButton
        label={camera.enabled ? t('meeting.cameraTurnOff') : t('meeting.cameraTurnOn')}
        icon={camera.enabled ? <Video size={21} /> : <VideoOff size={21} />}
        off={!camera.enabled}
        disabled={camera.pending}
        onClick={() => void camera.toggle()}
        testId="camera-toggle"
      />
      {canShareScreen() && (
        <RoundButton
          label={screen.enabled ? t('meeting.shareStop') : t('meeting.share')}
          icon={screen.enabled ? <MonitorX size={21} /> : <MonitorUp size={21} />}
          active={screen.enabled}
          disabled={screen.pending}
          onClick={() => void screen.toggle()}
          testId="screen-toggle"
        />
      )}
    </>
  )
}
