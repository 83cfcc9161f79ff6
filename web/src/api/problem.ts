// Refusals of the API as the app shows them: RFC 9457 problem documents turned into messages at a form's fields.
import type { components } from './schema.gen'

export type Problem = components['schemas']['Problem']
export type FieldError = components['schemas']['FieldError']

/** A refusal, or an answer that never came (`status` 0, `code` `offline`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem?: Problem,
  ) {
    super(problem?.detail ?? problem?.title ?? code)
    this.name = 'ApiError'
  }
}

/** A text to look up: `key` below `problem.` or `field.`, and the server's own sentence for codes the app does not know. */
export interface Message {
  key: string
  fallback: string
  values: Record<string, string | number>
}

export interface FormErrors {
  fields: Record<string, Message>
  /** What concerns no field of this form. */
  form?: Message
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && typeof (body as Problem).code === 'string'
}

/** What went wrong, from whatever an answer carried: proxies answer with HTML, broken servers with nothing. */
export function toApiError(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(status, body.code, body)
  if (status === 429) return new ApiError(status, 'too_many_requests')
  return new ApiError(status, status >= 500 ? 'internal' : 'malformed')
}

/** The field a JSON pointer names (RFC 6901); only the first step matters, the forms are flat. */
export function fieldOf(pointer: string): string {
  const first = pointer.split('/')[1] ?? ''
  return first.replaceAll('~1', '/').replaceAll('~0', '~')
}

function fieldMessage(e: FieldError): Message {
  return { key: `field.${e.code}`, fallback: e.message, values: e.limit === undefined ? {} : { limit: e.limit } }
}

/** Refusals without `errors` that still belong to one field. */
const fieldOfCode: Record<string, string> = { nickname_taken: 'nickname', wrong_password: 'current', conference_overlaps: 'call_start_time' }

export function problemMessage(error: unknown): Message {
  if (!(error instanceof ApiError)) return { key: 'problem.internal', fallback: String(error), values: {} }
  const values: Message['values'] = {}
  if (error.problem?.retry_after !== undefined) values.seconds = error.problem.retry_after
  if (error.problem?.opens_at !== undefined) values.opens_at = error.problem.opens_at
  return { key: `problem.${error.code}`, fallback: error.message, values }
}

/** Sorts a refusal into messages at the `known` fields of a form and one for the form as a whole. */
export function toFormErrors(error: unknown, known: readonly string[]): FormErrors {
  const whole = problemMessage(error)
  if (!(error instanceof ApiError)) return { fields: {}, form: whole }
  const fields: Record<string, Message> = {}
  let stray: Message | undefined
  for (const e of error.problem?.errors ?? []) {
    const field = fieldOf(e.pointer)
    if (!known.includes(field)) stray ??= fieldMessage(e)
    else fields[field] ??= fieldMessage(e)
  }
  const owner = fieldOfCode[error.code]
  if (owner !== undefined && known.includes(owner)) fields[owner] ??= whole
  if (Object.keys(fields).length > 0 && !stray) return { fields }
  return { fields, form: stray ?? whole }
}
