import { Button, Center, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { PageTitle } from '../parts/PageTitle'
import classes from './pages.module.css'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Center mih="50vh">
      <PageTitle title={t('page.notFound')} />
      <Stack align="center" ta="center" gap="sm">
        <span className={classes.fallen} aria-hidden>
          404
        </span>
        <Title order={1} size="h2">
          {t('page.notFound')}
        </Title>
        <Text c="dimmed">{t('page.notFoundText')}</Text>
        <Button component={Link} to="/" mt="sm">
          {t('page.home')}
        </Button>
      </Stack>
    </Center>
  )
}
