import type { ChangeEvent, FormEvent } from 'react'
import { useRef, useState } from 'react'
import type { FormErrors, Message } from '../api/problem'
import { toFormErrors } from '../api/problem'
import { useMessage } from '../i18n/useMessage'

type Values = Record<string, string>

/** A mistake the form finds by itself, before it asks the server. */
export function mistake(code: string, values: Message['values'] = {}): Message {
  return { key: `field.${code}`, fallback: code, values }
}

export interface FormPlan<T extends Values> {
  initial: T
  /** Mistakes to show at the fields instead of sending. */
  check?: (values: T) => Partial<Record<keyof T, Message>>
  /** Sends the form; what it throws is shown at the fields or above them. */
  send: (values: T) => Promise<unknown>
}

/**
 * The state of one form of text fields. What was typed stays through every refusal; a field's message goes away when
 * the field is changed. After a refusal, the first wrong field has the focus.
 */
export function useForm<T extends Values>({ initial, check, send }: FormPlan<T>) {
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<FormErrors>({ fields: {} })
  const [sending, setSending] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const say = useMessage()

  function set(name: keyof T & string, value: string) {
    setValues((old) => ({ ...old, [name]: value }))
    setErrors((old) => ({ ...old, fields: Object.fromEntries(Object.entries(old.fields).filter(([key]) => key !== name)) }))
  }

  function refuse(found: FormErrors) {
    setErrors(found)
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (sending) return
    const own = Object.entries(check?.(values) ?? {}).filter((e): e is [string, Message] => e[1] !== undefined)
    if (own.length > 0) {
      refuse({ fields: Object.fromEntries(own) })
      return
    }
    setErrors({ fields: {} })
    setSending(true)
    try {
      await send(values)
    } catch (error) {
      refuse(toFormErrors(error, Object.keys(initial)))
    } finally {
      setSending(false)
    }
  }

  /** Props of the input for one field. */
  function field(name: keyof T & string) {
    return {
      name,
      value: values[name],
      error: say(errors.fields[name]),
      onChange: (e: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(name, e.currentTarget.value),
    }
  }

  return {
    values,
    set,
    field,
    sending,
    error: (name: keyof T & string) => say(errors.fields[name]),
    formError: say(errors.form),
    props: { ref: form, onSubmit: (e: FormEvent) => void submit(e), noValidate: true },
  }
}
