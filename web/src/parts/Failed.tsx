import { Alert, Button, Stack, Text } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiError, problemMessage } from '../api/problem'
import { useMessage } from '../i18n/useMessage'
import { NotFoundPage } from '../pages/NotFoundPage'

/** In place of what could not be loaded, with a way to try again. What does not exist gets the page that says so. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation()
  const say = useMessage()
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />
  return (
    <Alert color="red" icon={<CircleAlert />} title={t('problem.title')} role="alert" my="md">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{say(problemMessage(error))}</Text>
        <Button size="xs" variant="default" onClick={retry}>
          {t('app.retry')}
        </Button>
      </Stack>
    </Alert>
  )
}
