import type { ChangeEvent, FormEvent } from 'react'
import { useRef, useState } from 'react'
import type { FormErrors, Message } from '../api/problem'
import { ApiError, toFormErrors } from '../api/problem'
import { useMessage } from '../i18n/useMessage'
import { merge } from './merge'

/** A mistake the form finds by itself, before it asks the server. */
export function mistake(code: string, values: Message['values'] = {}): Message {
  return { key: `field.${code}`, fallback: code, values }
}

export interface FormPlan<T extends object> {
  initial: T
  /** Mistakes to show at the fields instead of sending. */
  check?: (values: T) => Partial<Record<keyof T, Message>>
  /** Sends the form; what it throws is shown at the fields or above them. */
  send: (values: T) => Promise<unknown>
  /** For the edit of something that exists: its present values, asked for when somebody else was faster. */
  newest?: () => Promise<T>
}

/**
 * The state of one form. What was typed stays through every refusal; a field's message goes away when the field is
 * changed. After a refusal, the first wrong field has the focus, or the message above the form is in sight. When the server says that somebody else changed the
 * same thing (`stale`), both edits are put together and shown; sending again keeps the result.
 */
export function useForm<T extends object>({ initial, check, send, newest }: FormPlan<T>) {
  const [values, setValues] = useState(initial)
  const [base, setBase] = useState(initial)
  const [errors, setErrors] = useState<FormErrors>({ fields: {} })
  const [sending, setSending] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const say = useMessage()

  function set<K extends keyof T & string>(name: K, value: T[K]) {
    setValues((old) => ({ ...old, [name]: value }))
    setErrors((old) => ({ ...old, fields: Object.fromEntries(Object.entries(old.fields).filter(([key]) => key !== name)) }))
  }

  /** Begins anew with other values, as after an edit that went through. */
  function reset(to: T) {
    setValues(to)
    setBase(to)
    setErrors({ fields: {} })
  }

  function refuse(found: FormErrors) {
    setErrors(found)
    requestAnimationFrame(() => {
      const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
      if (wrong) wrong.focus()
      else form.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' })
    })
  }

  async function mergeIn(ask: () => Promise<T>) {
    const theirs = await ask()
    const { values: merged, both } = merge(base, values, theirs)
    setValues(merged)
    setBase(theirs)
    const fields = Object.fromEntries(both.map((name) => [name, { key: 'field.changed_by_both', fallback: name, values: {} }]))
    refuse({ fields, form: { key: 'problem.stale_merged', fallback: 'stale', values: {} } })
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    event.stopPropagation()
    if (sending) return
    const own = Object.entries(check?.(values) ?? {}).filter((e): e is [string, Message] => e[1] !== undefined)
    if (own.length > 0) {
      refuse({ fields: Object.fromEntries(own) })
      return
    }
    setErrors({ fields: {} })
    setSending(true)
    try {
      await send(values).catch((error: unknown) => {
        if (newest && error instanceof ApiError && error.code === 'stale') return mergeIn(newest)
        throw error
      })
    } catch (error) {
      refuse(toFormErrors(error, Object.keys(initial)))
    } finally {
      setSending(false)
    }
  }

  /** Props of the input for one field of text. */
  function field(name: keyof T & string) {
    return {
      name,
      value: String(values[name]),
      error: say(errors.fields[name]),
      onChange: (e: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(name, e.currentTarget.value as T[typeof name]),
    }
  }

  return {
    values,
    set,
    field,
    reset,
    sending,
    changed: JSON.stringify(values) !== JSON.stringify(base),
    error: (name: keyof T & string) => say(errors.fields[name]),
    formError: say(errors.form),
    props: { ref: form, onSubmit: (e: FormEvent) => void submit(e), noValidate: true },
  }
}
