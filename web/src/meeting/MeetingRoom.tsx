import { Text, Title } from '@mantine/core'
import { RoomAudioRenderer, useChat, useConnectionState, useLocalParticipant, useParticipants } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { ConnectionState } from 'livekit-client'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conference, Member, User } from '../api/client'
import { CaptionBar } from '../captions/CaptionBar'
import { CaptionLines } from '../captions/CaptionLines'
import { CaptionSwitch } from '../captions/CaptionSwitch'
import { useCaptions } from '../captions/useCaptions'
import { Notes } from '../notes/Notes'
import { RelatedAside } from '../notes/RelatedAside'
import { Chat } from './Chat'
import { ConnectionBanner } from './ConnectionBanner'
import { Controls } from './Controls'
import type { LayoutMode } from './layout'
import classes from './MeetingRoom.module.css'
import { Panel } from './Panel'
import type { PanelName } from './panelName'
import { PeopleHere } from './PeopleHere'
import { SoundGate } from './SoundGate'
import { Stage } from './Stage'
import { useArrivals } from './useArrivals'
import { useNoteNews } from './useNoteNews'
import { useUnread } from './useUnread'

export interface MeetingRoomProps {
  room: Room
  conference: Conference
  me: User
  members: Member[]
  onDeviceError: (error: unknown) => void
  leave: () => void
}

/** The meeting itself: tiles, one pane at a time beside them, and the buttons. */
export function MeetingRoom({ room, conference, me, members, onDeviceError, leave }: MeetingRoomProps) {
  const { t } = useTranslation()
  const [panel, setPanel] = useState<PanelName>()
  const [mode, setMode] = useState<LayoutMode>('grid')
  const chat = useChat()
  const people = useParticipants()
  const state = useConnectionState(room)
  const unread = useUnread(chat.chatMessages, panel === 'chat')
  const news = useNoteNews(room, conference.id, panel === 'notes')
  const { isMicrophoneEnabled } = useLocalParticipant()
  const captions = useCaptions(conference.id, isMicrophoneEnabled, news.announce)
  useArrivals(room)
  const toggle = useCallback((name: PanelName) => setPanel((open) => (open === name ? undefined : name)), [])
  return (
    <div className={classes.room} data-testid="meeting-room">
      <header className={classes.top}>
        <Title order={1} size="h5" className={classes.title}>
          {conference.title}
        </Title>
        <Text size="sm" c="dimmed" className={classes.club}>
          {conference.club_title}
        </Text>
      </header>
      <ConnectionBanner />
      <div className={classes.middle}>
        <main className={classes.stage}>
          <Stage mode={mode} />
          <CaptionBar captions={captions} />
          <CaptionLines conferenceId={conference.id} />
          {people.length === 1 && !captions.on && state === ConnectionState.Connected && <p className={classes.alone}>{t('meeting.alone')}</p>}
        </main>
        {panel && (
          <Panel name={panel} close={() => setPanel(undefined)}>
            {panel === 'chat' && <Chat messages={chat.chatMessages} send={chat.send} sending={chat.isSending} />}
            {panel === 'notes' && (
              <Notes
                conferenceId={conference.id}
                me={me}
                members={members}
                every={2500}
                changed={news.announce}
                pane
                above={
                  <>
                    <CaptionSwitch captions={captions} />
                    {conference.club_id !== undefined && <RelatedAside conferenceId={conference.id} />}
                  </>
                }
              />
            )}
            {panel === 'people' && <PeopleHere people={people} />}
          </Panel>
        )}
      </div>
      <footer>
        <div className={classes.bottom} aria-label={t('meeting.controls')} role="toolbar">
          <Controls
            room={room}
            panel={panel}
            toggle={toggle}
            mode={mode}
            setMode={setMode}
            people={people.length}
            unread={unread}
            noteNews={news.fresh}
            onDeviceError={onDeviceError}
            leave={leave}
          />
        </div>
      </footer>
      <RoomAudioRenderer />
      <SoundGate room={room} />
    </div>
  )
}
