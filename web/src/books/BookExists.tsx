import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

/** Says that a book is there already, and leads to it. */
export function BookExists({ id }: { id: number }) {
  const { t } = useTranslation()
  return (
    <Alert color="clay" variant="light" p="sm">
      <Group justify="space-between">
        <Text size="sm">{t('books.there')}</Text>
        <Button component={Link} to={`/books/${id}`} size="compact-sm" variant="default">
          {t('books.thereOpen')}
        </Button>
      </Group>
    </Alert>
  )
}
