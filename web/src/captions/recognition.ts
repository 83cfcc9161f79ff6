// The browser's speech recognition (Web Speech API), as far as captions use it. TypeScript's DOM library does not know it.

interface Alternative {
  transcript: string
}

interface Result {
  isFinal: boolean
  length: number
  [index: number]: Alternative
}

export interface ResultEvent {
  resultIndex: number
  results: { length: number; [index: number]: Result }
}

/** One run of recognition. The browser ends a run whenever it likes; it can be started again after `onend`. */
export interface Recognition {
  lang: string
  continuous: boolean
  interimResults: boolean
  start(): void
  stop(): void
  abort(): void
  onresult: ((event: ResultEvent) => void) | null
  onerror: ((event: { error: string }) => void) | null
  onend: (() => void) | null
}

export type RecognitionMaker = new () => Recognition

/** The browser's own, if it has one. */
export function findRecognition(scope: object): RecognitionMaker | undefined {
  const names = scope as { SpeechRecognition?: RecognitionMaker; webkitSpeechRecognition?: RecognitionMaker }
  return names.SpeechRecognition ?? names.webkitSpeechRecognition
}
