// Sets the colour scheme before the first paint, so that a dark room does not flash. A file of its own, because
// the page's policy allows no inline scripts. Key and attribute are the component library's.
(function () {
  var stored = null
  try {
    stored = window.localStorage.getItem('mantine-color-scheme-value')
  } catch (e) {
    // Storage may be forbidden; the system's choice stands.
  }
  var dark = window.matchMedia('(prefers-color-scheme: dark)').matches
  var scheme = stored === 'light' || stored === 'dark' ? stored : dark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
