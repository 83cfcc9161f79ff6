import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { localZone, zoneNames } from '../time/format'

export interface ZoneSelectProps {
  label: string
  value: string
  onChange: (zone: string) => void
  error?: string
}

/** Chooses an IANA time zone by typing a part of its name; the likely ones come first. */
export function ZoneSelect({ label, value, onChange, error }: ZoneSelectProps) {
  const data = useMemo(() => zoneNames(value, localZone(), 'Asia/Seoul').map((z) => ({ value: z, label: z.replaceAll('_', ' ') })), [value])
  return (
    <Select
      label={label}
      data={data}
      value={value}
      error={error}
      onChange={(v) => v && onChange(v)}
      searchable
      allowDeselect={false}
      limit={60}
      maxDropdownHeight={260}
    />
  )
}
