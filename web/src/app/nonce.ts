import { setNonce } from 'get-nonce'

/**
 * The nonce of this page load, by which the browser knows the style elements the app makes (Content Security Policy).
 * The server writes it into a meta element; a browser shows it to scripts only as a property.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

/** Tells the nonce to the library that keeps the page from scrolling behind a dialog; it asks this one place. */
export function shareNonce(): void {
  setNonce(styleNonce())
}
