import type { RemoteParticipant, Room } from 'livekit-client'
import { RoomEvent } from 'livekit-client'
import { useCallback, useEffect, useState } from 'react'
import { useRefreshNotes } from '../notes/useNotes'

/** Topic of the data message that says "the notes have changed"; it has no content that anyone would have to trust. */
export const notesTopic = 'salon.notes'

/** Messages within this many milliseconds cause one question to the server. */
const pause = 150

/**
 * Tells the others in the room about a change of the notes, and asks for the notes when others tell. `fresh` says
 * that something came while the notes were not shown.
 */
export function useNoteNews(room: Room, conferenceId: number, shown: boolean) {
  const refresh = useRefreshNotes(conferenceId)
  const [heard, setHeard] = useState(0)
  const [seen, setSeen] = useState(0)
  if (shown && seen !== heard) setSeen(heard)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const hear = (_payload: Uint8Array, _from?: RemoteParticipant, _kind?: unknown, topic?: string) => {
      if (topic !== notesTopic || timer !== undefined) return
      timer = setTimeout(() => {
        timer = undefined
        setHeard((n) => n + 1)
        refresh()
      }, pause)
    }
    room.on(RoomEvent.DataReceived, hear)
    return () => {
      room.off(RoomEvent.DataReceived, hear)
      clearTimeout(timer)
    }
  }, [room, refresh])

  const announce = useCallback(() => {
    const message = new TextEncoder().encode(JSON.stringify({ conference_id: conferenceId }))
    // Whoever misses the message asks again within seconds anyway.
    room.localParticipant.publishData(message, { reliable: true, topic: notesTopic }).catch(() => undefined)
  }, [room, conferenceId])

  return { announce, fresh: heard > seen && !shown }
}
