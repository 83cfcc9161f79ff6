import { Stack, Title } from '@mantine/core'
import { History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/Empty'
import { PageTitle } from '../parts/PageTitle'

export function HistoryPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="lg">
      <PageTitle title={t('club.history')} />
      <Title order={1}>{t('club.history')}</Title>
      <Empty icon={<History />} title={t('notes.empty')} text={t('notes.emptyText')} />
    </Stack>
  )
}
