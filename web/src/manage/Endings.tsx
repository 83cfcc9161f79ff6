import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Club } from '../api/client'
import { useCloseClub, useHandOver, useMembers } from '../api/clubs'
import pages from '../pages/pages.module.css'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'

/** Hands the club over, or closes it. */
export function Endings({ club }: { club: Club }) {
  return (
    <Stack gap="xl">
      <HandOver club={club} />
      <Close club={club} />
    </Stack>
  )
}

function HandOver({ club }: { club: Club }) {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const members = useMembers(club.id)
  const handOver = useHandOver(club.id)
  const { ask, dialog } = useConfirm()
  const [chosen, setChosen] = useState<string | null>(null)
  const others = (members.data?.items ?? []).filter((m) => m.role !== 'owner').map((m) => m.user)
  const heir = others.find((p) => String(p.id) === chosen)
  function give() {
    if (!heir) return
    const name = heir.nickname
    const done = () => {
      tell.done(t('manage.handedOver', { name }))
      void navigate(`/clubs/${club.id}`, { replace: true })
    }
    ask({
      title: t('manage.handOverConfirm', { name }),
      text: t('manage.handOverConfirmText'),
      yes: t('manage.handOverDo'),
      run: () => handOver.mutateAsync(heir.id).then(done, tell.failed),
    })
  }
  return (
    <Section title={t('manage.handOver')}>
      <div className={pages.sheet}>
        <Text size="sm" mb="md">
          {t('manage.handOverText')}
        </Text>
        {members.isSuccess && others.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('manage.handOverNobody')}
          </Text>
        ) : (
          <Group align="flex-end">
            <Select
              label={t('manage.handOverTo')}
              placeholder={t('manage.handOverChoose')}
              data={others.map((p) => ({ value: String(p.id), label: p.nickname }))}
              value={chosen}
              onChange={setChosen}
              flex={1}
              miw="min(100%, 14rem)"
              data-testid="hand-over-to"
            />
            <Button h={42} disabled={!heir} loading={handOver.isPending} onClick={give} data-testid="hand-over">
              {t('manage.handOverDo')}
            </Button>
          </Group>
        )}
      </div>
      {dialog}
    </Section>
  )
}

function Close({ club }: { club: Club }) {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const client = useQueryClient()
  const close = useCloseClub(club.id)
  const { ask, dialog } = useConfirm()
  async function gone() {
    tell.done(t('manage.closed'))
    await navigate('/', { replace: true })
    // After the page that asks for this club is left.
    client.removeQueries({ queryKey: ['clubs', club.id] })
    void client.invalidateQueries({ queryKey: ['clubs'] })
    void client.invalidateQueries({ queryKey: ['conferences'] })
  }
  const question = {
    title: t('manage.closeConfirm', { title: club.title }),
    text: t('manage.closeText'),
    type: { label: t('manage.closeType'), words: club.title },
    yes: t('manage.close'),
    run: () => close.mutateAsync(undefined).then(() => void gone(), tell.failed),
  }
  return (
    <Section title={t('manage.close')}>
      <div className={pages.sheet}>
        <Text size="sm" mb="md">
          {t('manage.closeText')}
        </Text>
        <Button color="red.8" loading={close.isPending} onClick={() => ask(question)} data-testid="club-close">
          {t('manage.close')}
        </Button>
      </div>
      {dialog}
    </Section>
  )
}
