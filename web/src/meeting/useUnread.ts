import type { ReceivedChatMessage } from '@livekit/components-react'
import { useState } from 'react'

/** Number of messages by others that came while the chat was not shown. */
export function useUnread(messages: ReceivedChatMessage[], shown: boolean): number {
  const [seen, setSeen] = useState(0)
  if (shown && seen !== messages.length) setSeen(messages.length)
  return shown ? 0 : messages.slice(seen).filter((m) => !m.from?.isLocal).length
}
