import { ActionIcon, Button, Group, Menu, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { CalendarDays, Flag, Languages, LogOut, Moon, Search, Sun, UserRound } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, useLocation } from 'react-router'
import type { User } from '../api/client'
import { useMe, useSignOut } from '../api/session'
import { chooseLanguage } from '../i18n'
import { Brand } from '../parts/Brand'
import { Face } from '../parts/Face'
import { useTell } from '../parts/useTell'
import classes from './Layout.module.css'
import { NavBar, NavLinks } from './Nav'

/** Header, content and footer of the club pages. */
export function Layout() {
  const { t } = useTranslation()
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const last = useRef(pathname)
  useEffect(() => {
    // A new page is read from its start: by eyes, and by screen readers.
    if (last.current === pathname) return
    last.current = pathname
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <div className={classes.house}>
      <a href="#main" className={classes.skip}>
        {t('app.skip')}
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1} className={classes.main} data-page={pathname}>
        <Outlet />
      </main>
      <footer className={classes.footer}>
        {t('app.name')} · {t('app.tagline')} · <a href="/api/docs">API</a>
      </footer>
      <NavBar />
    </div>
  )
}

function Header() {
  const me = useMe()
  const { t } = useTranslation()
  return (
    <header className={classes.header}>
      <div className={classes.bar}>
        <Link to="/" className={classes.brand}>
          <Brand />
          {t('app.name')}
        </Link>
        <NavLinks />
        <Group gap={6} wrap="nowrap" ml="auto">
          <ActionIcon component={Link} to="/search" variant="subtle" color="gray" size={40} radius="xl" aria-label={t('meet.search')} data-testid="to-search">
            <Search size={19} />
          </ActionIcon>
          <SchemeToggle />
          <LanguageToggle />
          {me.data && <Account user={me.data} />}
          {me.data === null && <Door />}
        </Group>
      </div>
    </header>
  )
}

function SchemeToggle() {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={40}
      radius="xl"
      aria-label={dark ? t('app.lightMode') : t('app.darkMode')}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <Sun size={19} /> : <Moon size={19} />}
    </ActionIcon>
  )
}

/** One press changes to the other language, which is named on the button in that language. */
function LanguageToggle() {
  const { t, i18n } = useTranslation()
  const other = i18n.language === 'ko' ? 'en' : 'ko'
  return (
    <Button
      variant="subtle"
      color="gray"
      h={40}
      px="sm"
      lang={other}
      leftSection={<Languages size={18} aria-hidden className={classes.languageIcon} />}
      data-testid="language-toggle"
      onClick={() => chooseLanguage(other)}
    >
      {t(`language.${other}`)}
    </Button>
  )
}

function Door() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  if (pathname === '/sign-in' || pathname === '/sign-up') return null
  return (
    <Button component={Link} to="/sign-in" size="sm" h={40}>
      {t('auth.signIn')}
    </Button>
  )
}

function Account({ user }: { user: User }) {
  const { t } = useTranslation()
  const signOut = useSignOut()
  const tell = useTell()
  // The app begins anew: nothing of what a member saw stays in this page.
  const out = () => signOut.mutateAsync().then(() => window.location.assign('/'), tell.failed)
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton aria-label={`${t('app.account')}: ${user.nickname}`} data-testid="account-menu" style={{ borderRadius: 99 }}>
          <Face person={user} size={38} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.nickname}</Menu.Label>
        <Menu.Item component={Link} to="/me" leftSection={<UserRound size={16} />} data-testid="to-profile">
          {t('nav.profile')}
        </Menu.Item>
        <Menu.Item component={Link} to="/me/reading" leftSection={<CalendarDays size={16} />}>
          {t('nav.reading')}
        </Menu.Item>
        {user.admin && (
          <Menu.Item component={Link} to="/reports" leftSection={<Flag size={16} />}>
            {t('nav.reports')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} />} onClick={() => void out()} data-testid="sign-out">
          {t('auth.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
