import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useSearchParams } from 'react-router'
import { useMe, useSignIn } from '../api/session'
import { FormError } from '../parts/FormError'
import { PageTitle } from '../parts/PageTitle'
import { mistake, useForm } from '../parts/useForm'
import { innerPath } from './innerPath'
import classes from './pages.module.css'

export function SignInPage() {
  const { t } = useTranslation()
  const me = useMe()
  const signIn = useSignIn()
  const [query] = useSearchParams()
  const next = query.get('next')
  const form = useForm({
    initial: { nickname: '', password: '' },
    check: (v) => ({ nickname: v.nickname.trim() ? undefined : mistake('required'), password: v.password ? undefined : mistake('required') }),
    send: (v) => signIn.mutateAsync({ nickname: v.nickname.trim(), password: v.password }),
  })
  if (me.data) return <Navigate to={innerPath(next)} replace />
  return (
    <div className={classes.door}>
      <PageTitle title={t('auth.signIn')} />
      <div>
        <Title order={1}>{t('auth.welcomeBack')}</Title>
        <Text c="dimmed" mt={6}>
          {t('auth.welcomeBackText')}
        </Text>
      </div>
      <form {...form.props} className={classes.sheet}>
        <Stack>
          {next && !form.formError && <Alert p="sm">{t('auth.signInFirst')}</Alert>}
          <FormError text={form.formError} />
          <TextInput {...form.field('nickname')} label={t('auth.nickname')} autoComplete="username" autoCapitalize="none" data-testid="sign-in-nickname" />
          <PasswordInput
            {...form.field('password')}
            label={t('auth.password')}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('auth.showPassword'), tabIndex: 0 }}
            data-testid="sign-in-password"
          />
          <Button type="submit" size="md" loading={form.sending} data-testid="sign-in-submit">
            {t('auth.signIn')}
          </Button>
          <Text size="sm" ta="center">
            {t('auth.noAccount')}{' '}
            <Anchor component={Link} to={next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'} fw={600} underline="always">
              {t('auth.signUp')}
            </Anchor>
          </Text>
        </Stack>
      </form>
    </div>
  )
}
