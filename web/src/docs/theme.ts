const fonts = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif"
const mono = "ui-monospace, 'SF Mono', Menlo, Consolas, monospace"

/** The app's colours in the words of Redoc, by day and by night. */
export function look(dark: boolean) {
  const c = dark
    ? { text: '#efe6da', quiet: '#b9ac9c', accent: '#eba98c', surface: '#1b1613', raised: '#2c2520', line: '#453b33', good: '#a1bd91', bad: '#ff9a8b' }
    : { text: '#2d241f', quiet: '#6d5f53', accent: '#9a3f26', surface: '#faf5ec', raised: '#f3ebde', line: '#dccfbd', good: '#3e6030', bad: '#b42318' }
  return {
    spacing: { sectionVertical: 24 },
    colors: {
      primary: { main: c.accent },
      success: { main: c.good },
      error: { main: c.bad },
      warning: { main: c.accent, contrastText: c.surface },
      text: { primary: c.text, secondary: c.quiet },
      border: { dark: c.line, light: c.line },
      responses: {
        success: { color: c.good, backgroundColor: c.raised },
        error: { color: c.bad, backgroundColor: c.raised },
        redirect: { color: c.quiet, backgroundColor: c.raised },
        info: { color: c.quiet, backgroundColor: c.raised },
      },
      http: { get: '#3e6030', post: '#1d5c85', put: '#7a4a12', patch: '#7a4a12', delete: '#9a2a1a' },
    },
    schema: { nestedBackground: c.raised, linesColor: c.line, typeNameColor: c.quiet, typeTitleColor: c.quiet, requireLabelColor: c.bad },
    typography: {
      fontFamily: fonts,
      fontSize: '15px',
      headings: { fontFamily: fonts, fontWeight: '700' },
      code: { fontFamily: mono, fontSize: '13px', color: c.accent, backgroundColor: c.raised, wrap: true },
      links: { color: c.accent, visited: c.accent, hover: c.text },
    },
    sidebar: { backgroundColor: c.raised, textColor: c.text, activeTextColor: c.accent },
    rightPanel: { backgroundColor: '#241e1a', textColor: '#efe6da' },
    codeBlock: { backgroundColor: '#120e0c' },
    fab: { backgroundColor: c.raised, color: c.accent },
  }
}
