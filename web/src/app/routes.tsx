import type { RouteObject } from 'react-router'
import { ClubPage } from '../pages/ClubPage'
import { ConferencePage } from '../pages/ConferencePage'
import { EditConferencePage } from '../pages/EditConferencePage'
import { HomePage } from '../pages/HomePage'
import { NewClubPage } from '../pages/NewClubPage'
import { NotFoundPage } from '../pages/NotFoundPage'
import { SchedulePage } from '../pages/SchedulePage'
import { SignInPage } from '../pages/SignInPage'
import { SignUpPage } from '../pages/SignUpPage'
import { Loading } from '../parts/Loading'
import { Crashed } from './Crashed'
import { Layout } from './Layout'
import { SignedIn } from './SignedIn'

/** Every address of the app. The meeting room is loaded when somebody goes there: it is most of the code. */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <Crashed />,
    children: [
      {
        errorElement: <Crashed />,
        children: [
          { index: true, element: <HomePage /> },
          { path: 'sign-in', element: <SignInPage /> },
          { path: 'sign-up', element: <SignUpPage /> },
          { path: 'clubs/:id', element: <ClubPage /> },
          {
            element: <SignedIn />,
            children: [
              { path: 'clubs/new', element: <NewClubPage /> },
              { path: 'clubs/:id/schedule', element: <SchedulePage /> },
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
