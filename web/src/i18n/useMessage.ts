import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../api/problem'

/** Words for a refusal: ours for the codes we know, the server's sentence for the others. */
export function useMessage(): (m: Message | undefined) => string | undefined {
  const { t, i18n } = useTranslation()
  return useCallback(
    (m) => {
      if (!m) return undefined
      if (!i18n.exists(m.key)) return m.fallback
      // The key is made from a code of the server, so the compiler cannot know it.
      return (t as (key: string, values: Record<string, unknown>) => string)(m.key, m.values)
    },
    [t, i18n],
  )
}
