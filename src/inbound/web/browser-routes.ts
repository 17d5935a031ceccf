import formbody from '@fastify/formbody'
import { answerErrorsWithPages } from './answer-errors.ts'
import { chooseRoutes } from './choose.ts'
import { connectRoutes } from './connect.ts'
import { exportDownload } from './export-download.ts'
import { inviteRoutes } from './invite.ts'
import { sendPage } from './layout.ts'
import { oauthCallback } from './oauth-callback.ts'
import { homePage } from './page-texts.ts'
import { PUBLIC } from './public.ts'
import { reauthorizeRoutes } from './reauthorize.ts'
import { rejectsDownload } from './rejects-download.ts'
import { signInCallback } from './sign-in.ts'
import { slackInstallRoutes } from './slack-install.ts'
import type { WebApp, WebDeps } from './web-deps.ts'

/** What people open: pages instead of JSON, also for errors, and a limit for each address. */
export function browserRoutes(deps: WebDeps) {
  return async (app: WebApp): Promise<void> => {
    answerErrorsWithPages(app, deps)
    await app.register(formbody, { bodyLimit: 1024 })
    app.route({ ...PUBLIC, method: ['GET', 'HEAD'], url: '/', handler: (_request, reply) => sendPage(reply, homePage()) })
    connectRoutes(app, deps)
    reauthorizeRoutes(app, deps)
    inviteRoutes(app, deps)
    oauthCallback(app, deps)
    signInCallback(app, deps)
    chooseRoutes(app, deps)
    rejectsDownload(app, deps)
    exportDownload(app, deps)
    if (deps.installs) slackInstallRoutes(app, deps, deps.installs)
  }
}
