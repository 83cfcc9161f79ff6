import { Center, Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function Loading({ full = false }: { full?: boolean }) {
  const { t } = useTranslation()
  return (
    <Center mih={full ? '60vh' : 120} role="status" aria-label={t('app.loading')}>
      <Loader />
    </Center>
  )
}
