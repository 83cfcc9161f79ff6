// Languages of the app: Korean first, English at a switch, the choice remembered in this browser.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'
import { ko } from './ko'

export const languages = ['ko', 'en'] as const
export type Language = (typeof languages)[number]

const key = 'salon-language'

function remembered(): Language {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'ko'
  } catch {
    return 'ko'
  }
}

/** Switches every text at once and remembers the choice, where the browser allows it. */
export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(key, language)
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}

const first = remembered()
document.documentElement.lang = first

void i18next.use(initReactI18next).init({
  resources: { ko: { translation: ko }, en: { translation: en } },
  lng: first,
  fallbackLng: 'ko',
  interpolation: { escapeValue: false },
  returnNull: false,
})

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof ko }
  }
}
