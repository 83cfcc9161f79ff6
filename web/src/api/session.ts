// The signed-in user: who it is, signing in and out, and what they may change of themselves.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys, useChange } from './cache'
import type { Schemas, Tagged, User } from './client'
import { api, good, ifMatch, tagged } from './client'
import { ApiError } from './problem'

/** The signed-in user, null for a visitor. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    staleTime: 5 * 60_000,
    queryFn: async (): Promise<Tagged<User> | null> => {
      try {
        return await tagged(api.GET('/api/v1/me'))
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
  })
}

/** Starting a session changes what every answer means, so nothing of the cache survives it. */
function useSession<V>(change: (v: V) => Promise<User>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess(user) {
      client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' })
      client.setQueryData(keys.me, user)
      // The answer carries no version of the profile; it is asked for when it is needed.
      return client.invalidateQueries({ queryKey: keys.me, refetchType: 'none' })
    },
  })
}

export const useSignIn = () => useSession((body: Schemas['Credentials']) => good(api.POST('/api/v1/session', { body })))
export const useSignUp = () => useSession((body: Schemas['NewUser']) => good(api.POST('/api/v1/users', { body })))
/** Ends the session; the page is to be loaded anew afterwards. */
export const useSignOut = () => useChange(() => good(api.DELETE('/api/v1/session')), [])

export const useUpdateMe = () =>
  useChange(
    ({ etag, ...body }: Schemas['UserChange'] & { etag: string | undefined }) => tagged(api.PATCH('/api/v1/me', { params: { header: ifMatch(etag) }, body })),
    ['me', 'users', 'clubs'],
  )

export const useChangePassword = () => useChange((body: Schemas['PasswordChange']) => good(api.PUT('/api/v1/me/password', { body })), [])
