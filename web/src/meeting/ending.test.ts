import { DisconnectReason } from 'livekit-client'
import { expect, it } from 'vitest'
import { deviceErrorKey } from './deviceError'
import { endingOf } from './ending'

it.each([
  [DisconnectReason.CLIENT_INITIATED, 'left'],
  [DisconnectReason.DUPLICATE_IDENTITY, 'elsewhere'],
  [DisconnectReason.SERVER_SHUTDOWN, 'server'],
  [DisconnectReason.PARTICIPANT_REMOVED, 'removed'],
  [DisconnectReason.ROOM_DELETED, 'closed'],
  [DisconnectReason.STATE_MISMATCH, 'lost'],
  [undefined, 'lost'],
])('reason %s ends as %s', (reason, ending) => {
  expect(endingOf(reason)).toBe(ending)
})

it.each([
  ['NotAllowedError', 'deviceDenied'],
  ['NotFoundError', 'deviceMissing'],
  ['NotReadableError', 'deviceBusy'],
  ['AbortError', 'deviceFailed'],
])('%s is %s', (name, key) => {
  expect(deviceErrorKey(Object.assign(new Error('x'), { name }))).toBe(key)
})
