import { Alert, Anchor, Button, Center, Loader, Select, Stack, Text, Title } from '@mantine/core'
import { useMediaDeviceSelect, usePersistentUserChoices, usePreviewTracks } from '@livekit/components-react'
import { LocalAudioTrack, LocalVideoTrack } from 'livekit-client'
import { Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Conference, User } from '../api/client'
import { ApiError, problemMessage } from '../api/problem'
import { useMessage } from '../i18n/useMessage'
import { Face } from '../parts/Face'
import { deviceErrorKey } from './deviceError'
import classes from './Lobby.module.css'
import { MicMeter } from './MicMeter'
import { RoundButton } from './RoundButton'
import type { Choices } from './useMeeting'

export interface LobbyProps {
  conference: Conference
  clubTitle: string
  me: User
  joining: boolean
  error: unknown
  enter: (choices: Choices) => void
}

/** The room before the room: see and hear oneself, choose devices, and go in. What was chosen is remembered. */
export function Lobby({ conference, clubTitle, me, joining, error, enter }: LobbyProps) {
  const { t } = useTranslation()
  const say = useMessage()
  const saved = usePersistentUserChoices({ defaults: { audioEnabled: true, videoEnabled: true } })
  const { audioEnabled: mic, videoEnabled: camera, audioDeviceId: micId, videoDeviceId: cameraId } = saved.userChoices
  const [deviceError, setDeviceError] = useState<unknown>()
  const tracks = usePreviewTracks(
    {
      audio: mic && !joining ? (micId && micId !== 'default' ? { deviceId: micId } : true) : false,
      video: camera && !joining ? (cameraId && cameraId !== 'default' ? { deviceId: cameraId } : true) : false,
    },
    setDeviceError,
  )
  const video = tracks?.find((track) => track instanceof LocalVideoTrack)
  const audio = tracks?.find((track) => track instanceof LocalAudioTrack)
  const refused = error instanceof ApiError ? say(problemMessage(error)) : error ? `${t('meeting.failed')}. ${t('meeting.failedText')}` : undefined
  return (
    <main className={classes.lobby}>
      <div className={classes.preview}>
        <Preview track={video} name={me} wanted={camera && !deviceError} />
        <div className={classes.toggles}>
          <RoundButton
            label={mic ? t('meeting.micOff') : t('meeting.micOn')}
            off={!mic}
            onClick={() => saved.saveAudioInputEnabled(!mic)}
            testId="prejoin-mic"
            icon={mic ? <Mic size={21} /> : <MicOff size={21} />}
          />
          <RoundButton
            label={camera ? t('meeting.cameraTurnOff') : t('meeting.cameraTurnOn')}
            off={!camera}
            onClick={() => saved.saveVideoInputEnabled(!camera)}
            testId="prejoin-camera"
            icon={camera ? <Video size={21} /> : <VideoOff size={21} />}
          />
        </div>
      </div>
      <Stack gap="md" className={classes.side}>
        <div>
          <Text size="sm" c="dimmed">
            {clubTitle}
          </Text>
          <Title order={1} size="h2">
            {conference.title}
          </Title>
        </div>
        <Text size="sm">{t('meeting.joinAs', { name: me.nickname })}</Text>
        <div role="alert">
          {deviceError !== undefined && (
            <Alert color="yellow" p="sm">
              {t(`meeting.${deviceErrorKey(deviceError)}`)}
            </Alert>
          )}
          {refused && (
            <Alert color="red" p="sm" data-testid="join-error">
              {refused}
            </Alert>
          )}
        </div>
        <DeviceSelect kind="audioinput" label={t('meeting.mic')} value={micId} onChange={saved.saveAudioInputDeviceId} ready={Boolean(audio)} />
        {mic && <MicMeter track={audio} />}
        <DeviceSelect kind="videoinput" label={t('meeting.camera')} value={cameraId} onChange={saved.saveVideoInputDeviceId} ready={Boolean(video)} />
        <Button
          size="lg"
          loading={joining}
          data-testid="prejoin-join"
          onClick={() => enter({ mic, camera, micId: micId === 'default' ? '' : micId, cameraId: cameraId === 'default' ? '' : cameraId })}
        >
          {t('meeting.join')}
        </Button>
        <Anchor component={Link} to={`/conferences/${conference.id}`} size="sm" ta="center">
          {t('meeting.toConference')}
        </Anchor>
      </Stack>
    </main>
  )
}

function Preview({ track, name, wanted }: { track: LocalVideoTrack | undefined; name: User; wanted: boolean }) {
  const { t } = useTranslation()
  const element = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const video = element.current
    if (!video || !track) return
    track.attach(video)
    return () => void track.detach(video)
  }, [track])
  return (
    <>
      <video ref={element} className={classes.video} hidden={!track} aria-label={t('meeting.preview')} muted playsInline />
      {!track && (
        <Center className={classes.covered}>
          <Stack align="center" gap="sm">
            {wanted ? <Loader color="white" /> : <Face person={name} size={92} />}
            <Text size="sm">{wanted ? t('meeting.cameraStarting') : t('meeting.cameraOff')}</Text>
          </Stack>
        </Center>
      )}
    </>
  )
}

interface DeviceSelectProps {
  kind: 'audioinput' | 'videoinput'
  label: string
  value: string
  onChange: (id: string) => void
  /** Devices have names only after the browser has let one be used. */
  ready: boolean
}

function DeviceSelect({ kind, label, value, onChange, ready }: DeviceSelectProps) {
  const { t } = useTranslation()
  const { devices } = useMediaDeviceSelect({ kind, requestPermissions: false })
  const data = devices.filter((d) => d.deviceId).map((d) => ({ value: d.deviceId, label: d.label || t('meeting.deviceDefault') }))
  const chosen = data.some((d) => d.value === value) ? value : (data[0]?.value ?? null)
  return (
    <Select
      label={label}
      data={data}
      value={chosen}
      placeholder={ready ? t('meeting.deviceDefault') : t('meeting.deviceNone')}
      disabled={data.length === 0}
      onChange={(v) => v && onChange(v)}
      allowDeselect={false}
    />
  )
}
