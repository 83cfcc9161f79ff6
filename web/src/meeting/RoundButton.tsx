import { ActionIcon, Indicator, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './RoundButton.module.css'

export interface RoundButtonProps {
  label: string
  icon: ReactNode
  testId: string
  onClick?: () => void
  /** Something of one's own is off: the microphone, the camera. */
  off?: boolean
  /** A pane or a sharing that the button opens is open. */
  active?: boolean
  /** A number in the corner; zero shows nothing, true a dot. */
  badge?: number | boolean
  danger?: boolean
  disabled?: boolean
  /** Whether the menu that the button opens is open. */
  expanded?: boolean
}

/** A round button of the meeting. What it does is in its label; `aria-pressed` says whether it is on. */
export function RoundButton({ label, icon, testId, onClick, off, active, badge, danger, disabled, expanded }: RoundButtonProps) {
  const pressed = active ?? (off === undefined ? undefined : !off)
  return (
    <Tooltip label={label} withArrow openDelay={400}>
      <Indicator
        disabled={!badge}
        label={typeof badge === 'number' ? badge : undefined}
        size={typeof badge === 'number' ? 18 : 11}
        offset={5}
        color="clay.6"
        withBorder={false}
      >
        <ActionIcon
          className={classes.round}
          data-off={off || undefined}
          data-active={active || undefined}
          data-danger={danger || undefined}
          data-testid={testId}
          aria-label={label}
          aria-pressed={danger || expanded !== undefined ? undefined : pressed}
          aria-haspopup={expanded === undefined ? undefined : 'dialog'}
          aria-expanded={expanded}
          disabled={disabled}
          onClick={onClick}
        >
          {icon}
        </ActionIcon>
      </Indicator>
    </Tooltip>
  )
}
