import { BookOpen, CalendarDays, House, MessagesSquare, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { useMe } from '../api/session'
import classes from './Nav.module.css'

interface Door {
  to: string
  label: string
  icon: ReactNode
  /** Stands in the bar at the bottom only; at the top the brand leads home. */
  barOnly?: boolean
}

function useDoors(): Door[] {
  const { t } = useTranslation()
  const me = useMe()
  const doors: Door[] = [
    { to: '/', label: t('nav.home'), icon: <House size={21} aria-hidden />, barOnly: true },
    { to: '/clubs', label: t('nav.clubs'), icon: <UsersRound size={21} aria-hidden /> },
    { to: '/board', label: t('nav.board'), icon: <MessagesSquare size={21} aria-hidden /> },
    { to: '/books', label: t('nav.books'), icon: <BookOpen size={21} aria-hidden /> },
  ]
  if (me.data) doors.push({ to: '/me/reading', label: t('nav.reading'), icon: <CalendarDays size={21} aria-hidden /> })
  return doors
}

/** The ways through the house, beside the brand where there is room. */
export function NavLinks() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.main')} className={classes.top}>
      {useDoors()
        .filter((d) => !d.barOnly)
        .map((d) => (
          <NavLink key={d.to} to={d.to} className={classes.topLink}>
            {d.label}
          </NavLink>
        ))}
    </nav>
  )
}

/** The same at the bottom of a phone's screen, where the thumb is. */
export function NavBar() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.main')} className={classes.bar}>
      {useDoors().map((d) => (
        <NavLink key={d.to} to={d.to} end={d.to === '/'} className={classes.barLink}>
          {d.icon}
          <span>{d.label}</span>
        </NavLink>
      ))}
    </nav>
  )
}
