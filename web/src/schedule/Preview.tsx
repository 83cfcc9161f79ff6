import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { ApiError, fieldOf, problemMessage } from '../api/problem'
import { useSchedulePreview } from '../api/house'
import { useMessage } from '../i18n/useMessage'
import { formatDate, formatTime } from '../time/format'
import type { SchedulePlan } from './plan'
import { scheduleBody } from './plan'
import classes from './ScheduleEditor.module.css'
import { frequencyWords } from './words'

/** What the server makes of a plan: its rhythm in words and its next meetings. */
export function Preview({ plan }: { plan: SchedulePlan }) {
  const { t, i18n } = useTranslation()
  const say = useMessage()
  const [settled] = useDebouncedValue(plan, 300)
  const body = scheduleBody(settled)
  const preview = useSchedulePreview(body)
  return (
    <div className={classes.preview} aria-live="polite" data-testid="schedule-preview">
      <Text size="xs" c="dimmed" fw={600}>
        {t('schedule.preview')}
      </Text>
      {!body && (
        <Text size="sm" c="dimmed">
          {t('schedule.previewMissing')}
        </Text>
      )}
      {body && preview.isError && (
        <Text size="sm" c="var(--mantine-color-error)">
          {reason(preview.error, say) ?? t('schedule.previewFailed')}
        </Text>
      )}
      {body && !preview.isError && preview.data && (
        <>
          <Text fw={600} className={classes.sentence}>{frequencyWords(preview.data, i18n.language)}</Text>
          {preview.data.starts.length === 0 && <Text size="sm">{t('schedule.previewNone')}</Text>}
          <ul className={classes.dates}>
            {preview.data.starts.slice(0, 6).map((s) => (
              <li key={s}>
                <time dateTime={s}>
                  {formatDate(new Date(s), i18n.language, settled.zone)} {formatTime(new Date(s), i18n.language, settled.zone)}
                </time>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** The server's words about the field that is wrong, else about the whole. */
function reason(error: unknown, say: ReturnType<typeof useMessage>): string | undefined {
  const first = error instanceof ApiError ? error.problem?.errors?.[0] : undefined
  if (!first) return say(problemMessage(error))
  const words = say({ key: `field.${first.code}`, fallback: first.message, values: first.limit === undefined ? {} : { limit: first.limit } })
  return fieldOf(first.pointer) === 'rrule' ? first.message : words
}
