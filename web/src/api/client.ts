// The one way to the API: typed by clubapi/openapi.yaml, refusals thrown as ApiError.
import createClient from 'openapi-fetch'
import { ApiError, toApiError } from './problem'
import type { components, paths } from './schema.gen'

export type User = components['schemas']['User']
export type Person = components['schemas']['Person']
export type Club = components['schemas']['Club']
export type Member = components['schemas']['Member']
export type Conference = components['schemas']['Conference']
export type Note = components['schemas']['Note']
export type Place = components['schemas']['Place']

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
