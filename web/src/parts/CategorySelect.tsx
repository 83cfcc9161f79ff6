import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'

export type Category = Schemas['Category']

export const categories: readonly Category[] = [
  'novel', 'poetry', 'essay', 'humanities', 'history', 'science', 'business', 'self_help', 'art', 'children', 'comics', 'other',
]

export interface CategorySelectProps {
  label: string
  value: Category | undefined
  onChange: (category: Category | undefined) => void
  /** Words for no choice; without them, a choice has to be made. */
  any?: string
  error?: string
}

/** Chooses what kind of book. */
export function CategorySelect({ label, value, onChange, any, error }: CategorySelectProps) {
  const { t } = useTranslation()
  const data = categories.map((c) => ({ value: c, label: t(`finder.categories.${c}`) }))
  return (
    <Select
      label={label}
      data={any === undefined ? data : [{ value: '', label: any }, ...data]}
      value={value ?? ''}
      error={error}
      onChange={(v) => onChange(categories.find((c) => c === v))}
      allowDeselect={false}
      maxDropdownHeight={300}
    />
  )
}
