import { useTranslation } from 'react-i18next'
import { spoken } from './measure'

/** Words for a height in millimetres. */
export function useHeight(): (height: number) => string {
  const { t } = useTranslation()
  return (height) => {
    const { unit, value } = spoken(height)
    return t(`reading.${unit}`, { value })
  }
}
