import { describe, expect, it } from 'vitest'
import { parseMeetingOptions, roomOptions } from './meetingOptions'

const plain = { capture: undefined, codec: 'vp8', simulcast: true, singlePeerConnection: undefined, prejoin: true }

describe('parseMeetingOptions', () => {
  it('has defaults', () => {
    expect(parseMeetingOptions('')).toEqual(plain)
  })
  it('reads everything', () => {
    expect(parseMeetingOptions('?capture=320x180@10&codec=av1&simulcast=0&spc=0&prejoin=0')).toEqual({
      capture: { width: 320, height: 180, frameRate: 10 },
      codec: 'av1',
      simulcast: false,
      singlePeerConnection: false,
      prejoin: false,
    })
  })
  it('takes 30 frames where none are named', () => {
    expect(parseMeetingOptions('?capture=640x360').capture?.frameRate).toBe(30)
  })
  it.each(['?capture=8x8', '?capture=320x180@0', '?capture=axb', '?capture=320x180@999', '?codec=h263', '?simulcast=yes', '?spc=', '?prejoin=2'])(
    'ignores %s',
    (search) => {
      expect(parseMeetingOptions(search)).toEqual(plain)
    },
  )
})

describe('roomOptions', () => {
  it('captures 720p, adapts and simulcasts unless told otherwise', () => {
    expect(roomOptions(parseMeetingOptions(''))).toEqual({
      adaptiveStream: true,
      dynacast: true,
      videoCaptureDefaults: { resolution: { width: 1280, height: 720, frameRate: 30 } },
      publishDefaults: { simulcast: true, videoCodec: 'vp8' },
    })
  })
  it('leaves the number of connections to the library unless asked', () => {
    expect(roomOptions(parseMeetingOptions('?spc=1')).singlePeerConnection).toBe(true)
    expect('singlePeerConnection' in roomOptions(parseMeetingOptions(''))).toBe(false)
  })
})
