import { Popover, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useMediaDeviceSelect } from '@livekit/components-react'
import type { Room } from 'livekit-client'
import { Settings } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayoutMode } from './layout'
import { RoundButton } from './RoundButton'

export interface SettingsMenuProps {
  room: Room
  mode: LayoutMode
  setMode: (mode: LayoutMode) => void
  onDeviceError: (error: unknown) => void
}

/** Devices and layout, for the time of the meeting. */
export function SettingsMenu({ room, mode, setMode, onDeviceError }: SettingsMenuProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const layoutId = useId()
  return (
    <Popover opened={opened} onChange={setOpened} position="top" width={290} shadow="lg" radius="lg" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <span>
          <RoundButton label={t('meeting.settings')} icon={<Settings size={21} />} active={opened} expanded={opened} onClick={() => setOpened(!opened)} testId="device-menu" />
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('meeting.settings')}>
        <Stack gap="sm">
          <div>
            <Text size="sm" fw={500} mb={4} id={layoutId}>
              {t('meeting.layout')}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby={layoutId}
              data-testid="layout-mode"
              value={mode}
              onChange={(v) => setMode(v === 'speaker' ? 'speaker' : 'grid')}
              data={[
                { value: 'grid', label: t('meeting.layoutGrid') },
                { value: 'speaker', label: t('meeting.layoutSpeaker') },
              ]}
            />
          </div>
          <Device kind="audioinput" label={t('meeting.mic')} room={room} onDeviceError={onDeviceError} />
          <Device kind="videoinput" label={t('meeting.camera')} room={room} onDeviceError={onDeviceError} />
          <Device kind="audiooutput" label={t('meeting.speakerDevice')} room={room} onDeviceError={onDeviceError} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

interface DeviceProps {
  kind: MediaDeviceKind
  label: string
  room: Room
  onDeviceError: (error: unknown) => void
}

function Device({ kind, label, room, onDeviceError }: DeviceProps) {
  const { t } = useTranslation()
  const { devices, activeDeviceId, setActiveMediaDevice } = useMediaDeviceSelect({ kind, room, requestPermissions: false })
  const data = devices.filter((d) => d.deviceId).map((d) => ({ value: d.deviceId, label: d.label || t('meeting.deviceDefault') }))
  // Browsers that let nobody choose a loudspeaker list none.
  if (kind === 'audiooutput' && data.length === 0) return null
  return (
    <Select
      size="sm"
      label={label}
      data={data}
      value={data.some((d) => d.value === activeDeviceId) ? activeDeviceId : (data[0]?.value ?? null)}
      placeholder={t('meeting.deviceNone')}
      disabled={data.length === 0}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      onChange={(id) => id && setActiveMediaDevice(id).catch(onDeviceError)}
      data-testid={`device-${kind}`}
    />
  )
}
