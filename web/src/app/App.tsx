import { MantineProvider, mergeThemeOverrides } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { Notifications } from '@mantine/notifications'
import 'dayjs/locale/ko'
import { QueryClientProvider } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createBrowserRouter, Outlet, RouterProvider, useMatch } from 'react-router'
import { newQueryClient } from '../api/cache'
import classes from './App.module.css'
import { styleNonce } from './nonce'
import { routes } from './routes'
import { cssVariables, theme } from './theme'

/** Providers around every page. The meeting room is dark for everybody: faces look better in a dim room. */
function House() {
  const { t, i18n } = useTranslation()
  const spoken = useMemo(
    () => mergeThemeOverrides(theme, { components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('app.close') } } } } }),
    [t],
  )
  const inMeeting = useMatch('/conferences/:id/meeting') !== null
  return (
    <MantineProvider theme={spoken} cssVariablesResolver={cssVariables} defaultColorScheme="auto" forceColorScheme={inMeeting ? 'dark' : undefined} getStyleNonce={styleNonce}>
      <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: i18n.language === 'ko' ? 0 : 1, weekendDays: [] }}>
        <Notifications position="top-center" limit={3} zIndex={400} classNames={inMeeting ? { root: classes.below } : undefined} />
        <Outlet />
      </DatesProvider>
    </MantineProvider>
  )
}

export function App() {
  const [client] = useState(newQueryClient)
  const [router] = useState(() => createBrowserRouter([{ element: <House />, children: routes }]))
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
