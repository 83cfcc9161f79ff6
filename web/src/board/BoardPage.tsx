import { Stack, Title } from '@mantine/core'
import { MessagesSquare } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/Empty'
import { PageTitle } from '../parts/PageTitle'

export function BoardPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="lg">
      <PageTitle title={t('nav.board')} />
      <Title order={1}>{t('nav.board')}</Title>
      <Empty icon={<MessagesSquare />} title={t('finder.postsEmpty')} text={t('finder.postsEmptyText')} />
    </Stack>
  )
}
