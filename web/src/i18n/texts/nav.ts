export const ko = {
  main: '주요 메뉴',
  home: '홈',
  clubs: '독서모임',
  board: '게시판',
  books: '책',
  reading: '독서 달력',
  profile: '내 정보',
  reports: '신고 처리',
}
export const en: typeof ko = {
  main: 'Main menu',
  home: 'Home',
  clubs: 'Clubs',
  board: 'Board',
  books: 'Books',
  reading: 'Reading',
  profile: 'My profile',
  reports: 'Reports',
}
