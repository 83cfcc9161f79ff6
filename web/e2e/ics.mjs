// Reads an iCalendar file with ical.js and prints what it says as JSON: a second opinion on the feeds that Go writes.
import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'

ICAL.design.icalendar.property.name = { defaultType: 'text' } // RFC 7986, which ical.js leaves unread
const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], 'utf8')))
const moment = (time) => time?.toJSDate().toISOString().replace('.000Z', 'Z')
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component)
  if (event.startDate.zone !== ICAL.Timezone.utcTimezone) throw new Error(`not in UTC: ${event.startDate}`)
  return {
    UID: event.uid,
    Summary: event.summary,
    Description: event.description ?? '',
    Status: component.getFirstPropertyValue('status'),
    Start: moment(event.startDate),
    End: moment(event.endDate),
    Stamp: moment(component.getFirstPropertyValue('dtstamp')),
    Modified: moment(component.getFirstPropertyValue('last-modified')),
    URL: component.getFirstPropertyValue('url') ?? '',
    Sequence: event.sequence,
  }
})
console.log(JSON.stringify({ Name: calendar.getFirstPropertyValue('name'), Events: events }))
