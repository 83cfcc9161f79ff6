import { Text } from '@mantine/core'
import { Check, Circle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { passwordRules } from './password'
import classes from './PasswordRule.module.css'

/** The rule for passwords as a list whose lines are ticked while one types. */
export function PasswordRule({ password, id }: { password: string; id: string }) {
  const { t } = useTranslation()
  return (
    <div id={id}>
      <Text size="sm" c="dimmed">
        {t('auth.passwordRule')}
      </Text>
      <ul className={classes.list}>
        {passwordRules(password).map(({ rule, met }) => (
          <li key={rule} className={met ? classes.met : undefined}>
            {met ? <Check size={16} aria-label={t('auth.ruleMet')} /> : <Circle size={16} aria-label={t('auth.ruleUnmet')} />}
            {t(`auth.${rule}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}
