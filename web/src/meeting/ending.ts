import { DisconnectReason } from 'livekit-client'

/** Why a meeting is over for this page, as far as it matters to the person in front of it. */
export type Ending = 'left' | 'elsewhere' | 'server' | 'removed' | 'closed' | 'lost'

/** Sorts the reasons of the client protocol. An unknown one is a lost connection: coming back is worth a try. */
export function endingOf(reason: DisconnectReason | undefined): Ending {
  if (reason === DisconnectReason.CLIENT_INITIATED) return 'left'
  if (reason === DisconnectReason.DUPLICATE_IDENTITY) return 'elsewhere'
  if (reason === DisconnectReason.SERVER_SHUTDOWN) return 'server'
  if (reason === DisconnectReason.PARTICIPANT_REMOVED) return 'removed'
  if (reason === DisconnectReason.ROOM_DELETED || reason === DisconnectReason.ROOM_CLOSED) return 'closed'
  return 'lost'
}
