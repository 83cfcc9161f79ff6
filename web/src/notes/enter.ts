import type { KeyboardEvent } from 'react'

/** An Enter that means "send": without Shift, and not the one that ends a Hangul syllable or picks a candidate. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing
}
