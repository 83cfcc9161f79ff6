import { describe, expect, it } from 'vitest'
import type { FieldError, Problem } from './problem'
import { ApiError, fieldOf, problemMessage, toApiError, toFormErrors } from './problem'

const problem = (code: string, errors?: FieldError[], more: Partial<Problem> = {}): Problem => ({
  type: `/problems/${code}`,
  title: code,
  status: 422,
  code,
  errors,
  ...more,
})
const refusal = (code: string, errors?: FieldError[], more: Partial<Problem> = {}) =>
  toApiError(422, problem(code, errors, more))

describe('toFormErrors', () => {
  it('puts each message at its field, the first one where there are two', () => {
    const got = toFormErrors(
      refusal('validation', [
        { pointer: '/password', code: 'too_short', message: 'Too short.', limit: 8 },
        { pointer: '/password', code: 'password_special', message: 'No special character.' },
        { pointer: '/nickname', code: 'blank', message: 'Blank.' },
      ]),
      ['nickname', 'password'],
    )
    expect(got.form).toBeUndefined()
    expect(got.fields.password).toEqual({ key: 'field.too_short', fallback: 'Too short.', values: { limit: 8 } })
    expect(got.fields.nickname?.key).toBe('field.blank')
  })

  it('shows an error of no known field above the form', () => {
    const got = toFormErrors(refusal('validation', [{ pointer: '/query/limit', code: 'type', message: 'A number.' }]), ['title'])
    expect(got.fields).toEqual({})
    expect(got.form?.fallback).toBe('A number.')
  })

  it('knows which field a taken nickname means', () => {
    const got = toFormErrors(refusal('nickname_taken'), ['nickname', 'password'])
    expect(got.fields.nickname?.key).toBe('problem.nickname_taken')
    expect(got.form).toBeUndefined()
  })

  it('shows a refusal without fields as a whole', () => {
    const got = toFormErrors(refusal('wrong_credentials', undefined, { detail: 'No.' }), ['nickname'])
    expect(got.form).toEqual({ key: 'problem.wrong_credentials', fallback: 'No.', values: {} })
  })

  it('survives what is not a refusal', () => {
    expect(toFormErrors(new TypeError('x'), ['title']).form?.key).toBe('problem.internal')
  })
})

describe('toApiError', () => {
  it('reads a problem document', () => {
    expect(toApiError(409, problem('conference_full'))).toMatchObject({ status: 409, code: 'conference_full' })
  })
  it.each([
    [502, '<html>', 'internal'],
    [429, undefined, 'too_many_requests'],
    [400, null, 'malformed'],
  ])('answers %i without one', (status, body, code) => {
    expect(toApiError(status, body)).toMatchObject({ status, code })
  })
})

it('carries the wait of too many requests', () => {
  expect(problemMessage(refusal('too_many_requests', undefined, { retry_after: 30 })).values).toEqual({ seconds: 30 })
})

it('names an answer that never came', () => {
  expect(problemMessage(new ApiError(0, 'offline')).key).toBe('problem.offline')
})

it.each([
  ['/title', 'title'],
  ['/a~1b', 'a/b'],
  ['/items/0/text', 'items'],
  ['', ''],
])('fieldOf %s', (pointer, field) => {
  expect(fieldOf(pointer)).toBe(field)
})
