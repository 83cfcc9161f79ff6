import { ActionIcon, Group, Stack, Text } from '@mantine/core'
import { Megaphone, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { fetchNotice, useCreateNotice, useDeleteNotice, useNotices, useUpdateNotice } from '../api/house'
import pages from '../pages/pages.module.css'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import { formatDate, formatTime, localZone } from '../time/format'
import classes from './Manage.module.css'
import { TextEditor } from './TextEditor'

type Notice = Schemas['Notice']
const most = 4000

/** Puts up notices, changes them and takes them down. */
export function Notices({ clubId }: { clubId: number }) {
  const { t } = useTranslation()
  const tell = useTell()
  const notices = useNotices(clubId, true)
  const create = useCreateNotice(clubId)
  return (
    <Section title={t('manage.parts.notices')}>
      <Stack gap="lg">
        <div className={pages.sheet}>
          <TextEditor
            name="notice_content"
            label={t('manage.noticeNew')}
            placeholder={t('manage.noticePlaceholder')}
            text=""
            most={most}
            rows={3}
            submit={t('manage.noticeAdd')}
            testId="notice"
            send={async (notice_content) => {
              await create.mutateAsync({ notice_content })
              tell.done(t('manage.noticeAdded'))
            }}
          />
        </div>
        <Listing list={notices} empty={<Empty icon={<Megaphone />} title={t('manage.noticesEmpty')} text={t('manage.noticesEmptyText')} />}>
          {(items) => (
            <ul className={classes.list}>
              {items.map((n) => (
                <NoticeRow key={n.id} notice={n} />
              ))}
            </ul>
          )}
        </Listing>
      </Stack>
    </Section>
  )
}

function NoticeRow({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation()
  const tell = useTell()
  const { ask, dialog } = useConfirm()
  const update = useUpdateNotice()
  const remove = useDeleteNotice()
  const [editing, setEditing] = useState<{ text: string; etag: string | undefined }>()
  const fresh = async () => {
    const n = await fetchNotice(notice.id)
    return { text: n.notice_content, etag: n.etag }
  }
  const down = () => remove.mutateAsync(notice.id).then(() => tell.done(t('manage.noticeDeleted')), tell.failed)
  const at = new Date(notice.created_at)
  if (editing) {
    return (
      <li className={classes.row}>
        <TextEditor
          name="notice_content"
          label={t('manage.noticeEdit')}
          text={editing.text}
          etag={editing.etag}
          most={most}
          rows={3}
          submit={t('app.save')}
          testId="notice-edit"
          cancel={() => setEditing(undefined)}
          newest={fresh}
          send={async (notice_content, etag) => {
            await update.mutateAsync({ id: notice.id, notice_content, etag })
            setEditing(undefined)
            tell.done(t('manage.saved'))
          }}
        />
      </li>
    )
  }
  return (
    <li className={classes.row} data-testid="notice-row">
      <div className={classes.text}>
        {notice.notice_content}
        <Text size="xs" c="dimmed" mt={4}>
          <time dateTime={notice.created_at}>
            {formatDate(at, i18n.language, localZone())} {formatTime(at, i18n.language, localZone())}
          </time>
          {notice.updated_at !== notice.created_at && ` · ${t('manage.noticeEdited')}`}
        </Text>
      </div>
      <Group gap={4}>
        <ActionIcon size={40} variant="subtle" color="gray" aria-label={t('manage.noticeEdit')} onClick={() => void fresh().then(setEditing, tell.failed)} data-testid="notice-edit">
          <Pencil size={17} />
        </ActionIcon>
        <ActionIcon
          size={40}
          variant="subtle"
          color="gray"
          aria-label={t('manage.noticeDelete')}
          onClick={() => ask({ title: t('manage.noticeDeleteConfirm'), text: notice.notice_content.slice(0, 200), yes: t('manage.noticeDelete'), run: down })}
          data-testid="notice-delete"
        >
          <Trash2 size={17} />
        </ActionIcon>
      </Group>
      {dialog}
    </li>
  )
}
