import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConfirmProps } from './Confirm'
import { Confirm } from './Confirm'

type Question = Omit<ConfirmProps, 'opened' | 'close' | 'no'> & { no?: string }

/** A place for questions before what cannot be undone: put `dialog` on the page, and `ask` when it is time. */
export function useConfirm(): { ask: (q: Question) => void; dialog: ReactNode } {
  const { t } = useTranslation()
  const [question, setQuestion] = useState<Question>()
  const [opened, setOpened] = useState(false)
  const ask = (q: Question) => {
    setQuestion(q)
    setOpened(true)
  }
  // The words stay while the dialog fades.
  const dialog = question ? <Confirm no={t('app.cancel')} {...question} opened={opened} close={() => setOpened(false)} /> : null
  return { ask, dialog }
}
