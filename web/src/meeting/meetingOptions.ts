// What the address of a meeting may ask for, so that tests and curious people can try the room in other ways:
//
//   capture=320x180@10      size of the camera picture and frames per second (default 1280x720@30)
//   codec=vp8|h264|vp9|av1  codec of published video (default vp8)
//   simulcast=0|1           several sizes at once (default 1)
//   spc=0|1                 one peer connection or two (default: what the client library prefers)
//   prejoin=0|1             0 enters at once with camera and microphone on (default 1)
//
// A value that makes no sense is ignored, as if it had not been there.
import type { RoomOptions, VideoCodec } from 'livekit-client'

export interface MeetingOptions {
  capture?: { width: number; height: number; frameRate: number }
  codec: VideoCodec
  simulcast: boolean
  singlePeerConnection?: boolean
  prejoin: boolean
}

const codecs: readonly VideoCodec[] = ['vp8', 'h264', 'vp9', 'av1']

/** Reads the query part of an address ("?a=b"). */
export function parseMeetingOptions(search: string): MeetingOptions {
  const query = new URLSearchParams(search)
  return {
    capture: parseCapture(query.get('capture')),
    codec: codecs.find((c) => c === query.get('codec')) ?? 'vp8',
    simulcast: flag(query.get('simulcast')) ?? true,
    singlePeerConnection: flag(query.get('spc')),
    prejoin: flag(query.get('prejoin')) ?? true,
  }
}

function flag(value: string | null): boolean | undefined {
  return value === '1' ? true : value === '0' ? false : undefined
}

function parseCapture(value: string | null): MeetingOptions['capture'] {
  const match = /^(\d{2,4})x(\d{2,4})(?:@(\d{1,3}))?$/.exec(value ?? '')
  if (!match) return undefined
  const [width, height, frameRate] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 30)]
  if (width < 16 || height < 16 || frameRate < 1 || frameRate > 120) return undefined
  return { width, height, frameRate }
}

/** 720p: what a tile that fills a laptop's screen deserves, and what simulcast halves twice. */
const usual = { width: 1280, height: 720, frameRate: 30 }

/** How the meeting room is set up in the client library. */
export function roomOptions(o: MeetingOptions): RoomOptions {
  const options: RoomOptions = {
    adaptiveStream: true,
    dynacast: true,
    videoCaptureDefaults: { resolution: o.capture ?? usual },
    publishDefaults: { simulcast: o.simulcast, videoCodec: o.codec },
  }
  if (o.singlePeerConnection !== undefined) options.singlePeerConnection = o.singlePeerConnection
  return options
}
