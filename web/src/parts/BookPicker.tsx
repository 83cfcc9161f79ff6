import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { useBookSearch } from '../api/books'

type BookName = Schemas['BookName']

export interface BookPickerProps {
  label: string
  /** The chosen book's id, 0 for none. */
  value: number
  onChange: (id: number) => void
  /** The chosen book, where it is known from elsewhere. */
  chosen?: BookName | undefined
  placeholder: string
  error?: string | undefined
  description?: string
}

const named = (b: BookName) => (b.author ? `${b.title} · ${b.author}` : b.title)

/** Chooses a book by typing a part of its title or its author. */
export function BookPicker({ label, value, onChange, chosen, placeholder, error, description }: BookPickerProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [picked, setPicked] = useState(chosen)
  const [words] = useDebouncedValue(typed.trim(), 250)
  const [opened, setOpened] = useState(false)
  const found = useBookSearch(picked && words === named(picked) ? '' : words.slice(0, 100), opened)
  const books = new Map((found.data?.items ?? []).map((b) => [b.id, b as BookName]))
  if (picked && picked.id === value) books.set(picked.id, picked)
  return (
    <Select
      label={label}
      description={description}
      placeholder={placeholder}
      value={value ? String(value) : null}
      data={[...books.values()].map((b) => ({ value: String(b.id), label: named(b) }))}
      filter={({ options }) => options}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('finder.noBook') }}
      searchValue={typed}
      onSearchChange={setTyped}
      onDropdownOpen={() => setOpened(true)}
      onChange={(v) => {
        setPicked(books.get(Number(v)))
        onChange(Number(v ?? 0))
      }}
      nothingFoundMessage={t('finder.bookNone')}
      error={error}
      data-testid="book-picker"
    />
  )
}
