import type { DisconnectReason, LocalParticipant } from 'livekit-client'
import { Room, RoomEvent } from 'livekit-client'
import { useCallback, useEffect, useState } from 'react'
import { takePlace } from '../api/conferences'
import type { Ending } from './ending'
import { endingOf } from './ending'
import type { MeetingOptions } from './meetingOptions'
import { roomOptions } from './meetingOptions'

declare global {
  interface Window {
    /** The room of the meeting on this page, for tests and for looking around in the console. */
    __salon?: { room: Room }
  }
}

export type Phase = { name: 'lobby'; error?: unknown } | { name: 'joining' } | { name: 'in' } | { name: 'over'; ending: Ending }

/** What to enter with. Device ids are empty for the browser's choice. */
export interface Choices {
  mic: boolean
  camera: boolean
  micId: string
  cameraId: string
}

/** A Room of the client library and how far this page has come with it. `onDeviceError` hears of what could not be started. */
export function useMeeting(conferenceId: number, options: MeetingOptions, onDeviceError: (error: unknown) => void) {
  const [room] = useState(() => new Room(roomOptions(options)))
  const [phase, setPhase] = useState<Phase>({ name: 'lobby' })

  useEffect(() => {
    window.__salon = { room }
    const over = (reason?: DisconnectReason) => setPhase((p) => (p.name === 'in' ? { name: 'over', ending: endingOf(reason) } : p))
    room.on(RoomEvent.Disconnected, over)
    return () => {
      room.off(RoomEvent.Disconnected, over)
      void room.disconnect()
      delete window.__salon
    }
  }, [room])

  const enter = useCallback(
    async (choices: Choices) => {
      setPhase({ name: 'joining' })
      try {
        const place = await takePlace(conferenceId)
        prefer(room, choices)
        await room.connect(place.url, place.token)
      } catch (error) {
        setPhase({ name: 'lobby', error })
        return
      }
      setPhase({ name: 'in' })
      await publish(room.localParticipant, choices, onDeviceError)
    },
    [room, conferenceId, onDeviceError],
  )
  return { room, phase, enter, reset: () => setPhase({ name: 'lobby' }) }
}

/** Makes the chosen devices the ones the room opens, now and whenever one is turned on again. */
function prefer(room: Room, choices: Choices) {
  if (choices.micId) room.options.audioCaptureDefaults = { ...room.options.audioCaptureDefaults, deviceId: choices.micId }
  if (choices.cameraId) room.options.videoCaptureDefaults = { ...room.options.videoCaptureDefaults, deviceId: choices.cameraId }
}

/** A missing camera must not keep the microphone off, nor the other way round. */
async function publish(me: LocalParticipant, choices: Choices, onDeviceError: (error: unknown) => void) {
  const started = await Promise.allSettled([
    choices.mic ? me.setMicrophoneEnabled(true) : undefined,
    choices.camera ? me.setCameraEnabled(true) : undefined,
  ])
  for (const s of started) if (s.status === 'rejected') onDeviceError(s.reason)
}
