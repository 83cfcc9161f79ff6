import { ActionIcon, Group, Stack } from '@mantine/core'
import { ArrowDown, ArrowUp, Pencil, ScrollText, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { fetchRule, useCreateRule, useDeleteRule, useRules, useUpdateRule } from '../api/house'
import pages from '../pages/pages.module.css'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import classes from './Manage.module.css'
import { TextEditor } from './TextEditor'

type Rule = Schemas['Rule']
const most = 500

/** Writes the rules of the club and puts them in order. */
export function RulesPart({ clubId }: { clubId: number }) {
  const { t } = useTranslation()
  const rules = useRules(clubId)
  const create = useCreateRule(clubId)
  return (
    <Section title={t('manage.parts.rules')}>
      <Stack gap="lg">
        <Listing list={rules} empty={<Empty icon={<ScrollText />} title={t('manage.rulesEmpty')} text={t('manage.rulesEmptyText')} />}>
          {(items) => (
            <ol className={classes.list}>
              {items.map((r) => (
                <RuleRow key={r.id} rule={r} last={r.position === items.length} />
              ))}
            </ol>
          )}
        </Listing>
        <div className={pages.sheet}>
          <TextEditor
            name="rule_content"
            label={t('manage.ruleNew')}
            placeholder={t('manage.rulePlaceholder')}
            text=""
            most={most}
            rows={2}
            submit={t('manage.ruleAdd')}
            testId="rule"
            send={(rule_content) => create.mutateAsync({ rule_content })}
          />
        </div>
      </Stack>
    </Section>
  )
}

function RuleRow({ rule, last }: { rule: Rule; last: boolean }) {
  const { t } = useTranslation()
  const tell = useTell()
  const { ask, dialog } = useConfirm()
  const update = useUpdateRule()
  const remove = useDeleteRule()
  const [editing, setEditing] = useState<{ text: string; etag: string | undefined }>()
  const n = rule.position
  const fresh = async () => {
    const r = await fetchRule(rule.id)
    return { text: r.rule_content, etag: r.etag }
  }
  const move = (position: number) => update.mutateAsync({ id: rule.id, position }).catch(tell.failed)
  const strike = () => remove.mutateAsync(rule.id).catch(tell.failed)
  if (editing) {
    return (
      <li className={classes.row}>
        <TextEditor
          name="rule_content"
          label={t('manage.ruleEdit', { n })}
          text={editing.text}
          etag={editing.etag}
          most={most}
          rows={2}
          submit={t('app.save')}
          testId="rule-edit"
          cancel={() => setEditing(undefined)}
          newest={fresh}
          send={async (rule_content, etag) => {
            await update.mutateAsync({ id: rule.id, rule_content, etag })
            setEditing(undefined)
          }}
        />
      </li>
    )
  }
  return (
    <li className={classes.row} data-testid="rule-row">
      <span className={classes.number} aria-hidden>
        {n}
      </span>
      <div className={classes.text}>{rule.rule_content}</div>
      <Group gap={2} wrap="nowrap">
        <ActionIcon size={40} variant="subtle" color="gray" aria-label={t('manage.ruleUp', { n })} disabled={n === 1 || update.isPending} onClick={() => move(n - 1)} data-testid="rule-up">
          <ArrowUp size={17} />
        </ActionIcon>
        <ActionIcon size={40} variant="subtle" color="gray" aria-label={t('manage.ruleDown', { n })} disabled={last || update.isPending} onClick={() => move(n + 1)} data-testid="rule-down">
          <ArrowDown size={17} />
        </ActionIcon>
        <ActionIcon size={40} variant="subtle" color="gray" aria-label={t('manage.ruleEdit', { n })} onClick={() => void fresh().then(setEditing, tell.failed)}>
          <Pencil size={17} />
        </ActionIcon>
        <ActionIcon
          size={40}
          variant="subtle"
          color="gray"
          aria-label={t('manage.ruleDelete', { n })}
          onClick={() => ask({ title: t('manage.ruleDeleteConfirm'), text: rule.rule_content, yes: t('app.remove'), run: strike })}
        >
          <Trash2 size={17} />
        </ActionIcon>
      </Group>
      {dialog}
    </li>
  )
}
