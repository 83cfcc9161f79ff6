import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core'
import { createTheme } from '@mantine/core'

// Fired clay on paper: the one warm accent of the house. Shade 7 on white and shade 6 on the dark body pass WCAG AA.
const clay: MantineColorsTuple = [
  '#fdf2ec', '#f8e0d4', '#f0bfa9', '#e79b7b', '#df7b54', '#d2653c', '#bb5330', '#a5452b', '#8a3923', '#6e2c1a',
]
// A bookshelf's green, for what is live or fine.
const moss: MantineColorsTuple = [
  '#f1f6ee', '#e0eada', '#c2d4b7', '#a1bd91', '#85a972', '#73985f', '#567a45', '#4c7239', '#3e6030', '#2f4c24',
]
const dark: MantineColorsTuple = [
  '#efe6da', '#d6cabb', '#b3a696', '#8d8173', '#5c5148', '#463c34', '#352d27', '#241e1a', '#1b1613', '#120e0c',
]

const sans =
  'Pretendard, -apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", "Segoe UI", Roboto, sans-serif'
// Latin letters take the serif; Hangul takes the best serif the machine has, and a good sans before a poor serif.
const serif =
  '"Iowan Old Style", "Palatino Linotype", Georgia, "Noto Serif KR", "Noto Serif CJK KR", AppleMyungjo, "Malgun Gothic", serif'

export const theme = createTheme({
  colors: { clay, moss, dark },
  primaryColor: 'clay',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  fontFamily: sans,
  headings: { fontFamily: serif, fontWeight: '700', textWrap: 'balance' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: { defaultProps: { tt: 'none' } },
    InputWrapper: { styles: { label: { marginBottom: 4 } } },
    Button: { defaultProps: { radius: 'xl' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#faf5ec',
    '--mantine-color-text': '#2d241f',
    '--mantine-color-dimmed': '#6d5f53',
    '--mantine-color-placeholder': '#85776a',
    '--mantine-color-default-border': '#dccfbd',
    '--mantine-color-anchor': '#9a3f26',
    '--mantine-color-error': '#b42318',
  },
  dark: {
    '--mantine-color-dimmed': '#b9ac9c',
    '--mantine-color-placeholder': '#9b8f81',
    '--mantine-color-anchor': '#eba98c',
    '--mantine-color-error': '#ff9a8b',
  },
})
