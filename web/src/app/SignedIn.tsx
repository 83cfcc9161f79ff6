import type { User } from '../api/client'
import { Navigate, Outlet, useLocation, useOutletContext } from 'react-router'
import { useMe } from '../api/session'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'

/** Lets members through and sends visitors to the sign-in page, from where they come back. */
export function SignedIn() {
  const me = useMe()
  const here = useLocation()
  if (me.isPending) return <Loading full />
  if (me.isError) return <Failed error={me.error} retry={() => void me.refetch()} />
  if (me.data === null) return <Navigate to={`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`} replace />
  return <Outlet context={me.data} />
}

/** The signed-in user, on pages below SignedIn. */
export function useUser(): User {
  return useOutletContext<User>()
}
