import { notifications } from '@mantine/notifications'
import type { Participant, Room } from 'livekit-client'
import { ConnectionState, RoomEvent } from 'livekit-client'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Says who comes and goes. While the connection is away everybody goes and comes again, which is not worth saying. */
export function useArrivals(room: Room) {
  const { t } = useTranslation()
  useEffect(() => {
    const tell = (key: 'connected' | 'disconnected') => (p: Participant) => {
      // The library takes everybody out a moment before it says that the connection is away.
      queueMicrotask(() => {
        if (room.state !== ConnectionState.Connected) return
        notifications.show({ id: `${key}-${p.identity}`, color: 'gray', message: t(`meeting.${key}`, { name: p.name || p.identity }), autoClose: 2500 })
      })
    }
    const [came, went] = [tell('connected'), tell('disconnected')]
    room.on(RoomEvent.ParticipantConnected, came).on(RoomEvent.ParticipantDisconnected, went)
    return () => void room.off(RoomEvent.ParticipantConnected, came).off(RoomEvent.ParticipantDisconnected, went)
  }, [room, t])
}
