import { Loader } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useConnectionState } from '@livekit/components-react'
import { ConnectionState } from 'livekit-client'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './ConnectionBanner.module.css'

/** Says that the connection is away, for as long as it is, and that it is back. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const state = useConnectionState()
  const away = state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting
  const wasAway = useRef(false)
  useEffect(() => {
    if (wasAway.current && state === ConnectionState.Connected) notifications.show({ color: 'moss', message: t('meeting.reconnected'), autoClose: 3000 })
    wasAway.current = away || (wasAway.current && state !== ConnectionState.Connected)
  }, [away, state, t])
  return (
    <div role="status" data-testid="connection-state" data-state={state}>
      {away && (
        <div className={classes.banner}>
          <Loader size={16} color="#2a1d12" />
          {t('meeting.reconnecting')}
        </div>
      )}
    </div>
  )
}
