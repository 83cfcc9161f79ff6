// The one way to the API: typed by clubapi/openapi.yaml, refusals thrown as ApiError.
import createClient from 'openapi-fetch'
import { ApiError, toApiError } from './problem'
import type { components, paths } from './schema.gen'

export type Schemas = components['schemas']
export type User = Schemas['User']
export type Person = Schemas['Person']
export type Club = Schemas['Club']
export type Member = Schemas['Member']
export type Conference = Schemas['Conference']
export type Note = Schemas['Note']
export type Place = Schemas['Place']
export type Schedule = Schemas['Schedule']
export type NewSchedule = Schemas['NewSchedule']

/** A fetch whose only failure is an ApiError: a server out of reach becomes `offline`. */
async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (cause) {
    if (request.signal.aborted) throw cause
    throw new ApiError(0, 'offline')
  }
}

export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin', fetch: reach })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a good answer; anything else is thrown. */
export async function good<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw toApiError(response.status, error)
  return data as T
}

/** What can be edited, with the version an edit is based on: send `etag` back in If-Match. */
export type Tagged<T> = T & { etag: string | undefined }

/** The body of a good answer together with its ETag. */
export async function tagged<T extends object>(answer: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { response } = await answer
  return { ...(await good(answer)), etag: response.headers.get('ETag') ?? undefined }
}

/** Header parameters of an edit based on `etag`; without one, the edit goes through whatever happened. */
export function ifMatch(etag: string | undefined): { 'If-Match'?: string } {
  return etag === undefined ? {} : { 'If-Match': etag }
}
