import { ActionIcon, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReceivedChatMessage } from '@livekit/components-react'
import { MessageCircle, Send } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isPlainEnter } from '../notes/enter'
import { Empty } from '../parts/Empty'
import { formatTime, localZone } from '../time/format'
import classes from './Chat.module.css'

export interface ChatProps {
  messages: ReceivedChatMessage[]
  send: (text: string) => Promise<unknown>
  sending: boolean
}

/** Messages of this meeting; nobody keeps them. */
export function Chat({ messages, send, sending }: ChatProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight
  }, [messages.length])
  async function submit() {
    const message = text.trim()
    if (!message || sending) return
    try {
      await send(message)
      setText('')
    } catch {
      notifications.show({ color: 'red', message: t('problem.offline') })
    }
  }
  return (
    <>
      <div ref={end} className={classes.messages} role="log" aria-label={t('meeting.chat')}>
        {messages.length === 0 && <Empty icon={<MessageCircle />} title={t('meeting.chatEmpty')} text={t('meeting.chatEmptyText')} />}
        {messages.map((m, i) => (
          <Message key={m.id ?? i} message={m} follows={isSame(messages[i - 1], m)} />
        ))}
      </div>
      <form
        className={classes.composer}
        onSubmit={(e) => {
          e.preventDefault()
          void submit()
        }}
      >
        <Textarea
          style={{ flex: 1 }}
          size="sm"
          autosize
          maxRows={5}
          maxLength={2000}
          aria-label={t('meeting.chatPlaceholder')}
          placeholder={t('meeting.chatPlaceholder')}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (!isPlainEnter(e)) return
            e.preventDefault()
            void submit()
          }}
          data-testid="chat-input"
        />
        <ActionIcon type="submit" size={36} radius="xl" aria-label={t('meeting.send')} disabled={!text.trim()} loading={sending} data-testid="chat-send">
          <Send size={17} />
        </ActionIcon>
      </form>
    </>
  )
}

/** Whether a message goes on where the same person stopped less than two minutes before. */
function isSame(before: ReceivedChatMessage | undefined, m: ReceivedChatMessage): boolean {
  return before?.from?.identity === m.from?.identity && m.timestamp - (before?.timestamp ?? 0) < 120_000
}

function Message({ message, follows }: { message: ReceivedChatMessage; follows: boolean }) {
  const { t, i18n } = useTranslation()
  const mine = message.from?.isLocal ?? false
  const name = message.from?.name || message.from?.identity || '?'
  return (
    <div className={classes.message} data-mine={mine || undefined} data-testid="chat-message" data-identity={message.from?.identity}>
      {!follows && (
        <Text size="xs" c="dimmed">
          {mine ? t('meeting.you') : name} · {formatTime(new Date(message.timestamp), i18n.language, localZone())}
        </Text>
      )}
      <div className={classes.bubble}>{message.message}</div>
    </div>
  )
}
