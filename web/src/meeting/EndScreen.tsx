import { Button, Center, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Conference } from '../api/client'
import type { Ending } from './ending'

/** Why the meeting is over, and the ways on. Leaving on purpose does not come here. */
export function EndScreen({ ending, conference, rejoin }: { ending: Exclude<Ending, 'left'>; conference: Conference; rejoin: () => void }) {
  const { t } = useTranslation()
  return (
    <Center mih="100dvh" p="lg" component="main" data-testid="meeting-ended" data-ending={ending}>
      <Stack align="center" ta="center" maw={440}>
        <Title order={1} size="h2">
          {t(`meeting.ended.${ending}`)}
        </Title>
        <Text c="dimmed">{t(`meeting.ended.${ending}Text`)}</Text>
        <Group justify="center" mt="sm">
          {ending !== 'closed' && (
            <Button onClick={rejoin} data-testid="rejoin">
              {t('meeting.rejoin')}
            </Button>
          )}
          <Button component={Link} to={`/conferences/${conference.id}`} variant="default">
            {t('meeting.toConference')}
          </Button>
        </Group>
      </Stack>
    </Center>
  )
}
