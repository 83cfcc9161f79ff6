import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'

// The feed that the server's own test writes (clubapi/calendar), read by a parser that shares nothing with the writer.
const text = readFileSync(new URL('../../../clubapi/calendar/testdata/feed.ics', import.meta.url), 'utf8')

test('a calendar program reads every event of the feed as it was meant', () => {
  const known = ICAL.design.icalendar.property as Record<string, unknown>
  known.name = { defaultType: 'text' } // RFC 7986, which ical.js leaves unread
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[])
  expect(calendar.getFirstPropertyValue('name')).toBe('함께 읽는 저녁, 매주')
  const events = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component)
    expect(event.startDate.zone).toBe(ICAL.Timezone.utcTimezone)
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description,
      status: component.getFirstPropertyValue('status'),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      changed: String(component.getFirstPropertyValue('last-modified')),
      stamp: String(component.getFirstPropertyValue('dtstamp')),
      url: component.getFirstPropertyValue('url'),
      sequence: event.sequence,
    }
  })
  expect(events).toEqual([
    {
      uid: 'conference-1@salon',
      summary: '『소년이 온다』 첫 번째 모임; 1부, 2부',
      description: `여러 줄\n두 번째 줄, \\n은 글자 그대로; 👩‍👩‍👧\n${'가나다라마바사'.repeat(30)}`,
      status: 'CONFIRMED',
      start: '2026-01-05T08:50:00.000Z',
      end: '2026-01-05T10:20:00.000Z',
      changed: '2025-12-30T08:50:00Z',
      stamp: '2025-12-30T08:50:00Z',
      url: 'https://club.example/conferences/1',
      sequence: 3,
    },
    {
      uid: 'conference-2@salon',
      summary: 'BEGIN:VEVENT',
      description: null,
      status: 'CANCELLED',
      start: '2026-01-12T08:50:00.000Z',
      end: '2026-01-12T09:50:00.000Z',
      changed: '2026-01-05T08:50:00Z',
      stamp: '2026-01-05T08:50:00Z',
      url: null,
      sequence: 0,
    },
  ])
})
