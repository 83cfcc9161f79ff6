import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useReport } from '../api/people'
import { FormError } from '../parts/FormError'
import { mistake, useForm } from '../parts/useForm'
import { useTell } from '../parts/useTell'

export interface ReportFormProps {
  person: { id: number; nickname: string }
  /** For a report of something they posted. */
  postId?: number
  opened: boolean
  close: () => void
}

/** Reports somebody, or their post, to whoever may settle it. */
export function ReportForm({ opened, close, ...about }: ReportFormProps) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={close} title={t('people.reportTitle', { name: about.person.nickname })} centered radius="lg" closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Text size="sm" c="dimmed" mb="md">
        {t('people.reportText')}
      </Text>
      <Reason {...about} close={close} />
    </Modal>
  )
}

function Reason({ person, postId, close }: Omit<ReportFormProps, 'opened'>) {
  const { t } = useTranslation()
  const tell = useTell()
  const report = useReport()
  const form = useForm({
    initial: { reason: '' },
    check: (v) => ({ reason: v.reason.trim() ? undefined : mistake('required') }),
    send: async (v) => {
      const reason = v.reason.trim()
      await report.mutateAsync(postId === undefined ? { user_id: person.id, reason } : { post_id: postId, reason })
      tell.done(t('people.reportSent'))
      close()
    },
  })
  return (
    <form {...form.props}>
      <Stack>
        <FormError text={form.formError} />
        <Textarea {...form.field('reason')} label={t('people.reportReason')} autosize minRows={3} maxRows={10} maxLength={1000} data-autofocus data-testid="report-reason" />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" color="red.8" loading={form.sending} data-testid="report-send">
            {t('people.reportSend')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
