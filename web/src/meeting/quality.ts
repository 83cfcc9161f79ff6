import { ConnectionQuality } from 'livekit-client'

/** Whether a connection is bad enough to be worth a mark. */
export function isWeak(quality: ConnectionQuality): boolean {
  return quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost
}
