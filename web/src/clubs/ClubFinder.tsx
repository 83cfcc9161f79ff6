import { Button, Checkbox, Group, Select, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import type { FormEvent } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import type { ClubFilters } from '../api/clubs'
import { useClubs } from '../api/clubs'
import { BookPicker } from '../parts/BookPicker'
import { CategorySelect } from '../parts/CategorySelect'
import { ClubCard } from '../parts/ClubCard'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import cards from '../parts/parts.module.css'
import { weekdays } from '../schedule/plan'
import classes from './ClubFinder.module.css'
import { filtersOf, queryOf } from './filters'

/** Clubs to find by words, category, book, weekday and free seats. */
export function ClubFinder({ signedIn }: { signedIn: boolean }) {
  const { t } = useTranslation()
  const [query, setQuery] = useSearchParams()
  const filters = filtersOf(query)
  const clubs = useClubs(filters)
  const filtered = Object.keys(filters).length > 0
  const change = (next: ClubFilters) => setQuery(queryOf(next), { replace: true, preventScrollReset: true })
  return (
    <>
      <Filters key={filters.q ?? ''} filters={filters} change={change} filtered={filtered} />
      <div aria-live="polite">
        <Listing
          list={clubs}
          empty={
            <Empty icon={<Search />} title={filtered ? t('finder.nothing') : t('home.findEmpty')} text={filtered ? t('finder.nothingText') : t('home.findEmptyText')}>
              <Button component={Link} to={signedIn ? '/clubs/new' : '/sign-up'} mt="xs" variant="light">
                {t('home.create')}
              </Button>
            </Empty>
          }
        >
          {(items) => (
            <ul className={cards.grid} data-testid="club-list">
              {items.map((club) => (
                <li key={club.id}>
                  <ClubCard club={club} />
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </div>
    </>
  )
}

interface FiltersProps {
  filters: ClubFilters
  filtered: boolean
  change: (next: ClubFilters) => void
}

function Filters({ filters, change, filtered }: FiltersProps) {
  const { t } = useTranslation()
  const [words, setWords] = useState(filters.q ?? '')
  function submit(event: FormEvent) {
    event.preventDefault()
    change(without({ ...filters, q: words.trim() || undefined }))
  }
  return (
    <form role="search" aria-label={t('finder.search')} className={classes.search} onSubmit={submit}>
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <TextInput
          flex={1}
          type="search"
          aria-label={t('finder.search')}
          placeholder={t('finder.placeholder')}
          leftSection={<Search size={18} aria-hidden />}
          value={words}
          maxLength={100}
          onChange={(e) => setWords(e.currentTarget.value)}
          data-testid="finder-words"
        />
        <Button type="submit" size="md" h={42} data-testid="finder-go">
          {t('finder.go')}
        </Button>
      </Group>
      <div className={classes.filters}>
        <div>
          <CategorySelect label={t('finder.category')} any={t('finder.anyCategory')} value={filters.category} onChange={(category) => change(without({ ...filters, category }))} />
        </div>
        <div>
          <Select
            label={t('finder.weekday')}
            data={[{ value: '', label: t('finder.anyWeekday') }, ...weekdays.map((d) => ({ value: d, label: t(`schedule.long.${d}`) }))]}
            value={filters.weekday ?? ''}
            onChange={(v) => change(without({ ...filters, weekday: weekdays.find((d) => d === v) }))}
            allowDeselect={false}
            data-testid="finder-weekday"
          />
        </div>
        <div>
          <BookPicker
            label={t('finder.book')}
            placeholder={t('finder.anyBook')}
            value={filters.book_id ?? 0}
            onChange={(id) => change(without({ ...filters, book_id: id || undefined }))}
          />
        </div>
      </div>
      <Group justify="space-between" mih={36}>
        <Checkbox
          size="md"
          label={t('finder.freeSeats')}
          checked={filters.free_seats ?? false}
          onChange={(e) => change(without({ ...filters, free_seats: e.currentTarget.checked || undefined }))}
          data-testid="finder-free"
        />
        {filtered && (
          <Button variant="subtle" size="compact-md" onClick={() => change({})}>
            {t('finder.clear')}
          </Button>
        )}
      </Group>
    </form>
  )
}

/** Without the keys that hold nothing. */
function without(filters: { [K in keyof ClubFilters]: ClubFilters[K] | undefined }): ClubFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, v]) => v !== undefined))
}
