// A house with people in it: clubs, members, somebody who waits, notices, rules, books, posts, a lightning meeting.
import { api } from './club.mjs'

const password = 'reading!1'

/** Signs a new person in on the page. */
export async function join(page, nickname) {
  return api(page, 'POST', '/users', { nickname, password })
}

/** Signs a person in who is there already. */
export async function enterAs(page, nickname) {
  return api(page, 'POST', '/session', { nickname, password })
}

/** Furnishes the house by the hands of four people; gives what the walk needs to know. */
export async function furnish(owner, member, asker, stranger) {
  const me = await join(owner, '책읽는하늘')
  const friend = await join(member, '달빛서재')
  await join(asker, '기다리는사람')
  const other = await join(stranger, 'Reader in Berlin')

  const book = await api(owner, 'POST', '/books', { title: '소년이 온다', author: '한강', pub_date: '2014-05-19', category: 'novel', pages: 216 })
  const second = await api(owner, 'POST', '/books', { title: '아주 오래된 서점에서 보낸 어느 긴 겨울밤의 이야기들', author: '여러 사람', category: 'essay', pages: 480 })
  for (const [b, read_on, rating] of [[book, '2026-11-03', 5], [second, '2026-10-12', 4]])
    await api(member, 'POST', '/me/books', { book_id: b.id, read_on, rating, review: '다시 읽고 싶은 책.' })

  const club = await api(owner, 'POST', '/clubs', {
    title: '아주 긴 이름을 가진, 그러나 읽기는 천천히 하는 저녁 모임',
    summary: '퇴근 후에 한국 소설을 읽고, 화상으로 만나 이야기해요.',
    detail: '한 달에 두 번 만나요.\n다 읽지 못해도 괜찮아요. 함께 읽는 즐거움을 나누고 싶은 분이면 누구든 환영합니다.',
    max_user: 4,
    category: 'novel',
    book_id: book.id,
    schedule: { rrule: 'FREQ=MONTHLY;BYDAY=1MO,3WE', time: '17:50', time_zone: 'Asia/Seoul', duration_minutes: 90 },
  })
  await api(member, 'POST', `/clubs/${club.id}/members`)
  await api(stranger, 'POST', `/clubs/${club.id}/members`)
  await api(owner, 'PATCH', `/clubs/${club.id}`, { join_rule: 'ask' })
  await api(asker, 'POST', `/clubs/${club.id}/members`)
  for (const rule_content of ['다 읽지 못했어도 와도 돼요.', '한 사람이 3분 넘게 말하지 않기로 해요.', 'Everybody may speak the language they like.'])
    await api(owner, 'POST', `/clubs/${club.id}/rules`, { rule_content })
  await api(owner, 'POST', `/clubs/${club.id}/notices`, { notice_content: '다음 모임까지 2부를 읽어 와 주세요.\n장소는 늘 그렇듯 화상입니다.' })
  await api(member, 'POST', '/reports', { user_id: other.id, reason: '모임에 관계없는 광고를 계속 올려요.' })

  const poems = await api(member, 'POST', '/clubs', { title: 'Poems on Sunday', summary: 'One poem a week, read aloud.', category: 'poetry', max_user: 2, time_zone: 'Europe/Berlin' })
  await api(asker, 'POST', `/clubs/${poems.id}/members`)
  const now = Date.now()
  const conference = await api(owner, 'POST', `/clubs/${club.id}/conferences`, {
    title: '『소년이 온다』 첫 번째 모임',
    description: '1부와 2부를 이야기해요.',
    book_id: book.id,
    call_start_time: new Date(now).toISOString(),
    call_end_time: new Date(now + 3_600_000).toISOString(),
  })
  await api(owner, 'POST', `/conferences/${conference.id}/notes`, { text: '가'.repeat(300) })
  await api(member, 'POST', '/posts', { title: '『데미안』 같이 읽을 분을 찾아요', content: '목요일 밤에 천천히 읽어요.' })
  await api(stranger, 'POST', '/posts', { title: 'Which translation of The Vegetarian do you like?', content: 'I know two.' })
  const lightning = await api(stranger, 'POST', '/lightning', { title: '지금 데미안 읽은 사람 모여라', book_id: book.id })
  return { me, friend, other, book, club, poems, conference, lightning }
}
