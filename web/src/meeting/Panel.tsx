import { CloseButton, Title } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Panel.module.css'
import type { PanelName } from './panelName'

/** A pane beside the stage; on a phone it covers the stage. Escape closes it. */
export function Panel({ name, close, children }: { name: PanelName; close: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  const id = useId()
  const title = { chat: t('meeting.chat'), notes: t('notes.title'), people: t('meeting.people') }[name]
  useHotkeys([['Escape', close]])
  return (
    <aside className={classes.panel} aria-labelledby={id} data-testid={`${name}-panel`}>
      <div className={classes.head}>
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        <CloseButton aria-label={t('meeting.panelClose')} onClick={close} />
      </div>
      {children}
    </aside>
  )
}
