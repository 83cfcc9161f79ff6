import { Stack, Title } from '@mantine/core'
import { CalendarDays } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/Empty'
import { PageTitle } from '../parts/PageTitle'

export function ReadingPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="lg">
      <PageTitle title={t('nav.reading')} />
      <Title order={1}>{t('nav.reading')}</Title>
      <Empty icon={<CalendarDays />} title={t('people.readingEmpty')} text={t('people.readingEmptyText')} />
    </Stack>
  )
}
