import { Button, Center, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isRouteErrorResponse, useRouteError } from 'react-router'
import { NotFoundPage } from '../pages/NotFoundPage'

/** What is shown when a page throws: the rest of the app goes on. */
export function Crashed() {
  const error = useRouteError()
  const { t } = useTranslation()
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />
  console.error(error)
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" ta="center" maw={420} role="alert">
        <Title order={1} size="h2">
          {t('page.crashed')}
        </Title>
        <Text c="dimmed">{t('page.crashedText')}</Text>
        <Button onClick={() => window.location.reload()}>{t('page.reload')}</Button>
      </Stack>
    </Center>
  )
}
