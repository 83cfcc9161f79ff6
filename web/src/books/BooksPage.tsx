import { Stack, Title } from '@mantine/core'
import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/Empty'
import { PageTitle } from '../parts/PageTitle'

export function BooksPage() {
  const { t } = useTranslation()
  return (
    <Stack gap="lg">
      <PageTitle title={t('nav.books')} />
      <Title order={1}>{t('nav.books')}</Title>
      <Empty icon={<BookOpen />} title={t('finder.bookNone')} text={t('people.readingEmptyText')} />
    </Stack>
  )
}
