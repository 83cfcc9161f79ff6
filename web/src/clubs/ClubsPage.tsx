import { Button, Group, Stack, Title } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMe } from '../api/session'
import { PageTitle } from '../parts/PageTitle'
import { ClubFinder } from './ClubFinder'

export function ClubsPage() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Stack gap="lg">
      <PageTitle title={t('home.find')} />
      <Group justify="space-between">
        <Title order={1}>{t('home.find')}</Title>
        <Button component={Link} to="/clubs/new" variant="light" leftSection={<Plus size={17} aria-hidden />}>
          {t('home.create')}
        </Button>
      </Group>
      <div>
        <ClubFinder signedIn={Boolean(me.data)} />
      </div>
    </Stack>
  )
}
