// The board.
import { useQuery } from '@tanstack/react-query'
import { keys, known, useChange, useCreate, usePages } from './cache'
import type { Schemas } from './client'
import { api, good, ifMatch, tagged } from './client'

export type Post = Schemas['Post']

/** The board, the newest first; with words, the best match first. */
export function usePosts(words: string) {
  return usePages([...keys.posts, 'list', words], true, (cursor) =>
    good(api.GET('/api/v1/posts', { params: { query: { ...(words ? { q: words } : {}), limit: 20, cursor } } })),
  )
}

export function useNewestPosts(limit: number) {
  return useQuery({
    queryKey: [...keys.posts, 'newest', limit],
    queryFn: () => good(api.GET('/api/v1/posts', { params: { query: { limit } } })),
  })
}

/** One post, with the version an edit is based on. */
export function usePost(id: number) {
  return useQuery({ queryKey: [...keys.posts, id], enabled: known(id), queryFn: () => fetchPost(id) })
}

export function fetchPost(id: number) {
  return tagged(api.GET('/api/v1/posts/{post_id}', { params: { path: { post_id: id } } }))
}

export const useCreatePost = () =>
  useCreate((body: Schemas['NewPost'], header) => good(api.POST('/api/v1/posts', { params: { header }, body })), ['posts'])

export const useUpdatePost = (id: number) =>
  useChange(
    ({ etag, ...body }: Schemas['PostChange'] & { etag: string | undefined }) =>
      good(api.PATCH('/api/v1/posts/{post_id}', { params: { path: { post_id: id }, header: ifMatch(etag) }, body })),
    ['posts'],
  )

export const useDeletePost = (id: number) =>
  useChange(() => good(api.DELETE('/api/v1/posts/{post_id}', { params: { path: { post_id: id } } })), ['posts'])
