import { useTranslation } from 'react-i18next'

/** The title of the browser's tab; React carries it into the head. */
export function PageTitle({ title }: { title: string }) {
  const { t } = useTranslation()
  return <title>{`${title} · ${t('app.name')}`}</title>
}
