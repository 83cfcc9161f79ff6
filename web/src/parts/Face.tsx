import { Avatar } from '@mantine/core'
import { faceColor, initials } from './face'

/**
 * A person's round picture, or the beginning of the nickname on a colour that stays theirs where there is none.
 * Decorative; say the name beside it.
 */
export function Face({ person, size = 36 }: { person: { nickname: string; user_img?: string }; size?: number }) {
  return (
    <Avatar
      src={person.user_img || null}
      imageProps={{ referrerPolicy: 'no-referrer', loading: 'lazy' }}
      alt=""
      size={size}
      radius="100%"
      aria-hidden
      styles={{ placeholder: { background: faceColor(person.nickname), color: '#fff', fontSize: size * 0.4 } }}
    >
      {initials(person.nickname)}
    </Avatar>
  )
}
