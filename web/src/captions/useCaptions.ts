import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { once } from '../api/repeat'
import { postNote, useRefreshNotes } from '../notes/useNotes'
import type { CaptionFailure, Clock } from './Captioner'
import { Captioner } from './Captioner'
import { Outbox } from './Outbox'
import { findRecognition } from './recognition'

/** What a note holds at most. */
const mostText = 4000

const clock: Clock = {
  now: () => new Date(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

/** Languages to choose from beside that of the pages. */
export const spokenLanguages = ['ko-KR', 'en-US', 'ja-JP', 'zh-CN', 'de-DE', 'fr-FR', 'es-ES']

export interface Captions {
  /** Whether this browser can write down speech at all. */
  supported: boolean
  on: boolean
  turn: (on: boolean) => void
  /** The chosen language, empty for that of the pages. */
  language: string
  choose: (language: string) => void
  /** On, but the microphone of the meeting is off: nothing is written down. */
  paused: boolean
  /** What is being said at this moment; stays in this browser. */
  hears: string
  retrying: boolean
  failure: CaptionFailure | undefined
  /** How many captions wait for the server. */
  unsaved: number
}

/**
 * Captions of what this person says, off until turned on. What was said becomes a note of the conference. Nothing is
 * heard while the microphone of the meeting is off. `changed` is called after each note, so that others can be told.
 */
export function useCaptions(conferenceId: number, microphone: boolean, changed: () => void): Captions {
  const { i18n } = useTranslation()
  const refresh = useRefreshNotes(conferenceId)
  const [maker] = useState(() => findRecognition(window))
  const [on, setOn] = useState(false)
  const [language, choose] = useState('')
  const [hears, setHears] = useState('')
  const [retrying, setRetrying] = useState(false)
  const [failure, setFailure] = useState<CaptionFailure>()
  const [unsaved, setUnsaved] = useState(0)
  const lang = language || (i18n.language === 'ko' ? 'ko-KR' : 'en-US')

  const captioner = useMemo(() => {
    if (!maker) return undefined
    const post = once((note: Schemas['NewNote'], header) => postNote(conferenceId, note, header))
    const send = async (note: Schemas['NewNote']) => {
      await post(note)
      refresh()
      changed()
    }
    const outbox = new Outbox(send, clock, setUnsaved)
    return new Captioner(
      maker,
      {
        said: (text, spokenAt) => outbox.put({ text: text.slice(0, mostText), spoken_at: spokenAt.toISOString(), source: 'caption' }),
        hears: setHears,
        retries: setRetrying,
        fails: (why) => {
          setFailure(why)
          setOn(false)
        },
      },
      clock,
    )
  }, [maker, conferenceId, refresh, changed])

  const listening = on && microphone
  useEffect(() => {
    if (!captioner || !listening) return
    captioner.start(lang)
    return () => captioner.stop()
  }, [captioner, listening, lang])

  const turn = (next: boolean) => {
    setFailure(undefined)
    setOn(next)
  }
  return { supported: maker !== undefined, on, turn, language, choose, paused: on && !microphone, hears, retrying, failure, unsaved }
}
