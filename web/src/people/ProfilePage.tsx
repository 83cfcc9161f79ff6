import { Badge, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { BookOpen } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { keys } from '../api/cache'
import type { Tagged, User } from '../api/client'
import { api, tagged } from '../api/client'
import { useMyClubs } from '../api/clubs'
import { useChangePassword, useMe, useUpdateMe } from '../api/session'
import pages from '../pages/pages.module.css'
import { ClubCard } from '../parts/ClubCard'
import { Empty } from '../parts/Empty'
import { Face } from '../parts/Face'
import { FormError } from '../parts/FormError'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { PasswordRule } from '../parts/PasswordRule'
import { PictureField } from '../parts/PictureField'
import { Section } from '../parts/Section'
import { mistake, useForm } from '../parts/useForm'
import { useTell } from '../parts/useTell'
import { CalendarFeed } from './CalendarFeed'

/** One's own name, picture, password, clubs and calendar. */
export function ProfilePage() {
  const { t } = useTranslation()
  const me = useMe()
  if (!me.data) return <Loading full />
  return (
    <Stack gap={36}>
      <PageTitle title={t('nav.profile')} />
      <div>
        <Group gap="sm">
          <Title order={1}>{t('people.profile')}</Title>
          {me.data.admin && <Badge variant="light">{t('people.admin')}</Badge>}
          {me.data.report && (
            <Badge variant="light" color="red">
              {t('people.reported')}
            </Badge>
          )}
        </Group>
        <Text c="dimmed" mt={4}>
          {t('people.profileText')}
        </Text>
      </div>
      <div className={pages.halves}>
        <AboutMe me={me.data} />
        <Stack gap="xl">
          <Password />
          <CalendarFeed />
        </Stack>
      </div>
      <MyClubs />
    </Stack>
  )
}

const valuesOf = (u: User) => ({ nickname: u.nickname, user_img: u.user_img })

function AboutMe({ me }: { me: Tagged<User> }) {
  const { t } = useTranslation()
  const tell = useTell()
  const client = useQueryClient()
  const update = useUpdateMe()
  const etag = useRef(me.etag)
  const form = useForm({
    initial: valuesOf(me),
    check: (v) => ({ nickname: v.nickname.trim() ? undefined : mistake('required') }),
    send: async (v) => {
      const saved = await update.mutateAsync({ nickname: v.nickname.trim(), user_img: v.user_img.trim(), etag: etag.current })
      etag.current = saved.etag
      client.setQueryData(keys.me, saved)
      form.reset(valuesOf(saved))
      tell.done(t('people.saved'))
    },
    newest: async () => {
      const newest = await tagged(api.GET('/api/v1/me'))
      etag.current = newest.etag
      return valuesOf(newest)
    },
  })
  return (
    <Section title={t('people.about')}>
      <form {...form.props} className={pages.sheet}>
        <Stack>
          <FormError text={form.formError} />
          <PictureField
            label={t('people.picture')}
            value={form.values.user_img}
            error={form.error('user_img') ?? ''}
            onChange={(v) => form.set('user_img', v)}
            blank={<Face person={{ nickname: form.values.nickname }} size={84} />}
            round
          />
          <TextInput {...form.field('nickname')} label={t('auth.nickname')} description={t('auth.nicknameHint')} autoComplete="username" maxLength={20} data-testid="profile-nickname" />
          <Group justify="flex-end">
            <Button type="submit" loading={form.sending} disabled={!form.changed} data-testid="profile-save">
              {t('app.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function Password() {
  const { t } = useTranslation()
  const tell = useTell()
  const change = useChangePassword()
  const form = useForm({
    initial: { current: '', password: '' },
    check: (v) => ({ current: v.current ? undefined : mistake('required'), password: v.password ? undefined : mistake('required') }),
    send: async (v) => {
      await change.mutateAsync(v)
      form.reset({ current: '', password: '' })
      tell.done(t('people.passwordChanged'))
    },
  })
  const eye = { 'aria-label': t('auth.showPassword'), tabIndex: 0 }
  return (
    <Section title={t('people.password')}>
      <form {...form.props} className={pages.sheet}>
        <Stack>
          <FormError text={form.formError} />
          <PasswordInput {...form.field('current')} label={t('people.passwordCurrent')} autoComplete="current-password" visibilityToggleButtonProps={eye} data-testid="password-current" />
          <PasswordInput
            {...form.field('password')}
            label={t('people.passwordNew')}
            autoComplete="new-password"
            aria-describedby="new-password-rule"
            visibilityToggleButtonProps={eye}
            data-testid="password-new"
          />
          <PasswordRule password={form.values.password} id="new-password-rule" />
          <Group justify="flex-end">
            <Button type="submit" loading={form.sending} data-testid="password-save">
              {t('people.passwordChange')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function MyClubs() {
  const { t } = useTranslation()
  const mine = useMyClubs()
  return (
    <Section title={t('home.mine')}>
      <Listing
        list={mine}
        empty={
          <Empty icon={<BookOpen />} title={t('home.mineEmpty')} text={t('home.findEmptyText')}>
            <Button component={Link} to="/clubs" variant="light" mt="xs">
              {t('home.find')}
            </Button>
          </Empty>
        }
      >
        {(items) => (
          <ul className={cards.grid}>
            {items.map((club) => (
              <li key={club.id}>
                <ClubCard club={club} />
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}
