import { Button, Group } from '@mantine/core'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'

const formats = ['markdown', 'vtt', 'json'] as const

/** The minutes as files. */
export function Exports({ conferenceId }: { conferenceId: number }) {
  const { t, i18n } = useTranslation()
  const lang = i18n.language === 'ko' ? 'ko' : 'en'
  return (
    <Group gap="xs" mt="md" role="group" aria-label={t('meet.exports')}>
      {formats.map((format) => (
        <Button
          key={format}
          component="a"
          href={`/api/v1/conferences/${conferenceId}/minutes?format=${format}&lang=${lang}`}
          download
          variant="default"
          size="sm"
          leftSection={<Download size={15} aria-hidden />}
          aria-label={`${t('meet.exports')}: ${t(`meet.${format}`)}`}
          data-testid={`export-${format}`}
        >
          {t(`meet.${format}`)}
        </Button>
      ))}
    </Group>
  )
}
