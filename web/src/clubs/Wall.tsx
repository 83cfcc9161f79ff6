import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNotices, useRules } from '../api/house'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import cards from '../parts/parts.module.css'
import { Section } from '../parts/Section'
import { formatDay, localZone } from '../time/format'
import classes from './Wall.module.css'

/** What the owner has put up for the members; nothing where there is nothing. */
export function Notices({ clubId }: { clubId: number }) {
  const { t, i18n } = useTranslation()
  const notices = useNotices(clubId, true)
  if (notices.isSuccess && notices.items.length === 0) return null
  return (
    <Section title={t('club.notices')}>
      <Listing list={notices}>
        {(items) => (
          <ul className={classes.notices} data-testid="notice-list">
            {items.map((n) => (
              <li key={n.id} className={classes.notice}>
                <Text className={cards.prose}>{n.notice_content}</Text>
                <Text size="xs" c="dimmed" mt={4}>
                  <time dateTime={n.created_at}>{formatDay(new Date(n.created_at), i18n.language, localZone())}</time>
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}

/** The promises of the club in their order; nothing where there are none. */
export function Rules({ clubId }: { clubId: number }) {
  const { t } = useTranslation()
  const rules = useRules(clubId)
  if (rules.isPending || rules.data?.items.length === 0) return null
  return (
    <Section title={t('club.rules')}>
      {rules.isError && <Failed error={rules.error} retry={() => void rules.refetch()} />}
      <ol className={classes.rules} data-testid="rule-list">
        {rules.data?.items.map((r) => (
          <li key={r.id}>{r.rule_content}</li>
        ))}
      </ol>
    </Section>
  )
}
