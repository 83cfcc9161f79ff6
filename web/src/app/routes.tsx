import type { RouteObject } from 'react-router'
import { ClubPage } from '../clubs/ClubPage'
import { ClubsPage } from '../clubs/ClubsPage'
import { NewClubPage } from '../clubs/NewClubPage'
import { ConferencePage } from '../conference/ConferencePage'
import { EditConferencePage } from '../conference/EditConferencePage'
import { SchedulePage } from '../conference/SchedulePage'
import { HomePage } from '../home/HomePage'
import { NotFoundPage } from '../pages/NotFoundPage'
import { SignInPage } from '../pages/SignInPage'
import { SignUpPage } from '../pages/SignUpPage'
import { Loading } from '../parts/Loading'
import { ProfilePage } from '../people/ProfilePage'
import { UserPage } from '../people/UserPage'
import { Crashed } from './Crashed'
import { Layout } from './Layout'
import { SignedIn } from './SignedIn'

/** Every address of the app. What is large or for few is loaded when somebody goes there: the meeting room is most of the code. */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <Crashed />,
    hydrateFallbackElement: <Loading full />,
    children: [
      {
        errorElement: <Crashed />,
        children: [
          { index: true, element: <HomePage /> },
          { path: 'sign-in', element: <SignInPage /> },
          { path: 'sign-up', element: <SignUpPage /> },
          { path: 'clubs', element: <ClubsPage /> },
          { path: 'clubs/:id', element: <ClubPage /> },
          { path: 'board', lazy: async () => ({ Component: (await import('../board/BoardPage')).BoardPage }) },
          { path: 'books', lazy: async () => ({ Component: (await import('../books/BooksPage')).BooksPage }) },
          { path: 'board/:id', lazy: async () => ({ Component: (await import('../board/PostPage')).PostPage }) },
          { path: 'books/:id', lazy: async () => ({ Component: (await import('../books/BookPage')).BookPage }) },
          { path: 'search', lazy: async () => ({ Component: (await import('../search/SearchPage')).SearchPage }) },
          {
            element: <SignedIn />,
            children: [
              { path: 'clubs/new', element: <NewClubPage /> },
              { path: 'clubs/:id/schedule', element: <SchedulePage /> },
              { path: 'clubs/:id/manage/:part?', lazy: async () => ({ Component: (await import('../manage/ManagePage')).ManagePage }) },
              { path: 'clubs/:id/history', lazy: async () => ({ Component: (await import('../history/HistoryPage')).HistoryPage }) },
              { path: 'reports', lazy: async () => ({ Component: (await import('../manage/ReportsPage')).ReportsPage }) },
              { path: 'me', element: <ProfilePage /> },
              { path: 'board/new', lazy: async () => ({ Component: (await import('../board/NewPostPage')).NewPostPage }) },
              { path: 'board/:id/edit', lazy: async () => ({ Component: (await import('../board/EditPostPage')).EditPostPage }) },
              { path: 'books/new', lazy: async () => ({ Component: (await import('../books/NewBookPage')).NewBookPage }) },
              { path: 'books/:id/edit', lazy: async () => ({ Component: (await import('../books/EditBookPage')).EditBookPage }) },
              { path: 'me/reading', lazy: async () => ({ Component: (await import('../reading/ReadingPage')).ReadingPage }) },
              { path: 'users/:id', element: <UserPage /> },
              { path: 'conferences/:id', element: <ConferencePage /> },
              { path: 'conferences/:id/edit', element: <EditConferencePage /> },
            ],
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
  {
    element: <SignedIn />,
    errorElement: <Crashed />,
    hydrateFallbackElement: <Loading full />,
    children: [
      {
        path: 'conferences/:id/meeting',
        lazy: async () => ({ Component: (await import('../meeting/MeetingPage')).MeetingPage }),
      },
    ],
  },
]
