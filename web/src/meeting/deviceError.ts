import { MediaDeviceFailure } from 'livekit-client'

export type DeviceErrorKey = 'deviceDenied' | 'deviceMissing' | 'deviceBusy' | 'deviceFailed'

/** The words for a camera or microphone that could not be started. */
export function deviceErrorKey(error: unknown): DeviceErrorKey {
  const failure = MediaDeviceFailure.getFailure(error)
  if (failure === MediaDeviceFailure.PermissionDenied) return 'deviceDenied'
  if (failure === MediaDeviceFailure.NotFound) return 'deviceMissing'
  if (failure === MediaDeviceFailure.DeviceInUse) return 'deviceBusy'
  return 'deviceFailed'
}
