import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { problemMessage } from '../api/problem'
import { useMessage } from '../i18n/useMessage'

/** Says in passing what was done, or why it was not. */
export function useTell() {
  const say = useMessage()
  return useMemo(
    () => ({
      done: (message: string) => void notifications.show({ color: 'moss', message }),
      failed: (error: unknown) => void notifications.show({ color: 'red', message: say(problemMessage(error)), autoClose: 8000 }),
    }),
    [say],
  )
}
