import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useSearchParams } from 'react-router'
import { useMe, useSignUp } from '../api/session'
import { FormError } from '../parts/FormError'
import { PageTitle } from '../parts/PageTitle'
import { PasswordRule } from '../parts/PasswordRule'
import { mistake, useForm } from '../parts/useForm'
import { innerPath } from './innerPath'
import classes from './pages.module.css'

export function SignUpPage() {
  const { t } = useTranslation()
  const me = useMe()
  const signUp = useSignUp()
  const [query] = useSearchParams()
  const next = query.get('next')
  const form = useForm({
    initial: { nickname: '', password: '' },
    check: (v) => ({ nickname: v.nickname.trim() ? undefined : mistake('required'), password: v.password ? undefined : mistake('required') }),
    send: (v) => signUp.mutateAsync({ nickname: v.nickname.trim(), password: v.password }),
  })
  if (me.data) return <Navigate to={innerPath(next)} replace />
  return (
    <div className={classes.door}>
      <PageTitle title={t('auth.signUp')} />
      <div>
        <Title order={1}>{t('auth.welcome')}</Title>
        <Text c="dimmed" mt={6}>
          {t('auth.welcomeText')}
        </Text>
      </div>
      <form {...form.props} className={classes.sheet}>
        <Stack>
          <FormError text={form.formError} />
          <TextInput
            {...form.field('nickname')}
            label={t('auth.nickname')}
            description={t('auth.nicknameHint')}
            autoComplete="username"
            autoCapitalize="none"
            data-testid="sign-up-nickname"
          />
          <PasswordInput
            {...form.field('password')}
            label={t('auth.password')}
            autoComplete="new-password"
            aria-describedby="password-rule"
            visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword'), tabIndex: 0 }}
            data-testid="sign-up-password"
          />
          <PasswordRule password={form.values.password} id="password-rule" />
          <Button type="submit" size="md" loading={form.sending} data-testid="sign-up-submit">
            {t('auth.signUp')}
          </Button>
          <Text size="sm" ta="center">
            {t('auth.haveAccount')}{' '}
            <Anchor component={Link} to={next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'} fw={600} underline="always">
              {t('auth.signIn')}
            </Anchor>
          </Text>
        </Stack>
      </form>
    </div>
  )
}
