import '@mantine/core/styles.layer.css'
import '@mantine/dates/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './app/tokens.css'
import './i18n'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { shareNonce } from './app/nonce'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
shareNonce()
createRoot(root).render(<App />)
