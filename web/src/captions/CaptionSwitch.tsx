import { Alert, Select, Switch, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Captions.module.css'
import type { Captions } from './useCaptions'
import { spokenLanguages } from './useCaptions'

/** Turns the captions of one's own words on and off, and says what that means. Nothing where the browser cannot. */
export function CaptionSwitch({ captions }: { captions: Captions }) {
  const { t, i18n } = useTranslation()
  if (!captions.supported) return null
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' })
  return (
    <div className={classes.choice}>
      <Switch
        checked={captions.on}
        onChange={(e) => captions.turn(e.currentTarget.checked)}
        label={t('captions.title')}
        labelPosition="left"
        color="moss.6"
        styles={{ body: { justifyContent: 'space-between' }, label: { fontWeight: 600 } }}
        data-testid="captions-switch"
      />
      {captions.on ? (
        <Select
          size="xs"
          aria-label={t('captions.language')}
          data={[{ value: '', label: t('captions.languageUi') }, ...spokenLanguages.map((l) => ({ value: l, label: names.of(l.slice(0, 2)) ?? l }))]}
          value={captions.language}
          onChange={(v) => captions.choose(v ?? '')}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true, zIndex: 500 }}
          data-testid="captions-language"
        />
      ) : (
        <Text size="xs" c="dimmed">
          {t('captions.text')} {t('captions.privacy')}
        </Text>
      )}
      <div role="alert">
        {captions.failure && (
          <Alert color="red" variant="light" p="xs" data-testid="captions-failure">
            {t(`captions.error.${captions.failure}`)}
          </Alert>
        )}
      </div>
    </div>
  )
}
