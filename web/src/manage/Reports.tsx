import { Anchor, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { useReports, useSettle } from '../api/people'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { PersonLine } from '../parts/People'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import { formatDay, localZone } from '../time/format'
import classes from './Manage.module.css'

type State = Schemas['ReportState']
const states = ['open', 'upheld', 'dismissed'] as const

/** Reports of members, to look into and to settle. */
export function Reports() {
  const { t } = useTranslation()
  const [state, setState] = useState<State>('open')
  const reports = useReports(state)
  return (
    <Section title={t('manage.parts.reports')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('manage.reportsText')} {t('manage.reportsAll')}
      </Text>
      <SegmentedControl
        mb="md"
        aria-label={t('manage.reportState')}
        value={state}
        onChange={(v) => setState(v)}
        data={states.map((s) => ({ value: s, label: t(`manage.states.${s}`) }))}
      />
      <Listing list={reports} empty={<Empty icon={<ShieldCheck />} title={t('manage.reportsEmpty')} text={t('manage.reportsEmptyText')} />}>
        {(items) => (
          <ul className={classes.list} data-testid="report-list">
            {items.map((r) => (
              <ReportRow key={r.id} report={r} />
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}

function ReportRow({ report }: { report: Schemas['Report'] }) {
  const { t, i18n } = useTranslation()
  const tell = useTell()
  const settle = useSettle()
  const { ask, dialog } = useConfirm()
  const to = (state: 'upheld' | 'dismissed') => settle.mutateAsync({ id: report.id, state }).then(() => tell.done(t('manage.settled')), tell.failed)
  const about = report.post_id === undefined ? t('manage.reportAboutUser') : t('manage.reportAboutPost')
  return (
    <li className={classes.row}>
      <Stack gap="xs" flex={1} miw={0}>
        <PersonLine person={report.user} below={`${about} · ${formatDay(new Date(report.created_at), i18n.language, localZone())}`} />
        <Text className={classes.text}>{report.reason}</Text>
        <Group gap="xs">
          {report.post_id !== undefined && (
            <Anchor component={Link} to={`/board/${report.post_id}`} size="sm" mr="auto">
              {t('manage.seePost')}
            </Anchor>
          )}
          {report.state === 'open' && (
            <>
              <Button variant="default" loading={settle.isPending} onClick={() => to('dismissed')} data-testid="report-dismiss">
                {t('manage.dismiss')}
              </Button>
              <Button
                color="red.8"
                loading={settle.isPending}
                onClick={() =>
                  ask({ title: t('manage.upholdConfirm'), text: t('manage.upholdConfirmText', { name: report.user.nickname }), yes: t('manage.uphold'), run: () => to('upheld') })
                }
                data-testid="report-uphold"
              >
                {t('manage.uphold')}
              </Button>
            </>
          )}
        </Group>
      </Stack>
      {dialog}
    </li>
  )
}
