import { Button, Text } from '@mantine/core'
import { Captions as Sign } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import classes from './Captions.module.css'
import type { Captions } from './useCaptions'

/** Stands over the stage as long as this person's words are written down: that it is so, what is heard, and the way out. */
export function CaptionBar({ captions }: { captions: Captions }) {
  const { t } = useTranslation()
  if (!captions.on) return null
  const state = captions.paused ? t('captions.muted') : captions.retrying ? t('captions.retrying') : t('captions.on')
  return (
    <div className={classes.bar} data-testid="captions-on">
      <Sign size={18} aria-hidden className={captions.paused ? undefined : classes.alive} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="xs" fw={700} role="status">
          {state}
          {captions.unsaved > 0 && ` · ${t('captions.unsaved', { count: captions.unsaved })}`}
        </Text>
        <Text size="sm" lineClamp={2} data-testid="captions-interim">
          {captions.hears}
        </Text>
      </div>
      <Button size="compact-sm" variant="white" c="#3a2a20" onClick={() => captions.turn(false)} data-testid="captions-off">
        {t('captions.stop')}
      </Button>
    </div>
  )
}
