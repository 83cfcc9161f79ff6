import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/PageTitle'
import { Reports } from './Reports'

/** All reports, for administrators and whoever owns a club. */
export function ReportsPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="lg">
      <PageTitle title={t('nav.reports')} />
      <Title order={1}>{t('nav.reports')}</Title>
      <Reports />
    </Stack>
  )
}
