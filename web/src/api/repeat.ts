// Creating requests that may be repeated: the same content gets the same Idempotency-Key until the server has answered.
import { ApiError } from './problem'

/** Header parameters of a creating request. */
export interface KeyHeader {
  'Idempotency-Key': string
}

/** 128 random bits in letters and digits. (`crypto.randomUUID` is missing on plain http.) */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('')
}

/** Whether the server may have done what was asked although it did not say so. */
function unsure(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.code === 'idempotency_in_progress'
}

/**
 * Wraps a creating request so that pressing the button again after the answer got lost does not create twice. A new
 * content, and the same content after an answer, is a new request.
 */
export function once<V, T>(create: (value: V, header: KeyHeader) => Promise<T>): (value: V) => Promise<T> {
  let last: { content: string; key: string } | undefined
  return async (value) => {
    const content = JSON.stringify(value) ?? ''
    if (last?.content !== content) last = { content, key: newKey() }
    try {
      const made = await create(value, { 'Idempotency-Key': last.key })
      last = undefined
      return made
    } catch (error) {
      if (!unsure(error)) last = undefined
      throw error
    }
  }
}
