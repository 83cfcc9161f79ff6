import { Alert } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import classes from './parts.module.css'

/** What is wrong with a form as a whole, read out at once. */
export function FormError({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className={classes.alert}>
      {text && (
        <Alert color="red" variant="light" icon={<CircleAlert size={18} />} p="sm">
          {text}
        </Alert>
      )}
    </div>
  )
}
