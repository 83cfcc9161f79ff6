// The page at /api/docs: the server's openapi.yaml, drawn by Redoc. The library comes as one file of its own, which
// other pages never load.
import library from 'redoc/bundles/redoc.standalone.js?url'
import './docs.css'
import { look } from './theme'

interface Redoc {
  init(document: string, options: object, element: Element, done: (error?: unknown) => void): void
}

declare global {
  interface Window {
    Redoc?: Redoc
  }
}

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce

/** Loads the library's file; it leaves its name in window. */
function load(): Promise<Redoc> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = library
    if (nonce) script.nonce = nonce
    script.onload = () => (window.Redoc ? resolve(window.Redoc) : reject(new Error('nothing in the file')))
    script.onerror = () => reject(new Error('the file did not come'))
    document.head.append(script)
  })
}

function broken(element: Element) {
  element.textContent = 'The documentation cannot be shown here. '
  const link = document.createElement('a')
  link.href = '/api/openapi.yaml'
  link.textContent = 'Read openapi.yaml.'
  element.append(link)
}

const element = document.getElementById('docs')
if (element) {
  const dark = document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark'
  const options = {
    nonce,
    disableTelemetry: true,
    expandResponses: '200,201',
    hideDownloadButton: false,
    jsonSampleExpandLevel: 3,
    pathInMiddlePanel: true,
    sortRequiredPropsFirst: true,
    theme: look(dark),
  }
  load()
    .then((redoc) => redoc.init(element.getAttribute('data-document') ?? '', options, element, (error) => error !== undefined && error !== null && broken(element)))
    .catch(() => broken(element))
}
