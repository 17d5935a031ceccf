import type { AppTrouble } from '../domain/warnings/warning.ts'
import { context, header, type Rendered, section } from './blocks.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { names, plainNames } from './named.ts'
import { duration, plural } from './words.ts'

/** Logins of several users are doubtful at once: for whoever runs Redkey, since nobody's own login is likely to be the reason. */
export function appTroubleCard(trouble: AppTrouble, label: string, since: Date, closedAt: Date | null): Rendered {
  return closedAt === null ? openCard(trouble, label, since) : closedCard(trouble, label, since, closedAt)
}

function openCard(trouble: AppTrouble, label: string, since: Date): Rendered {
  const { users, doubtful, red, others, explanation } = trouble
  const what = `${label} refuses the logins of ${plural(users, 'user')} since ${date(since)}, within minutes of each other and without a clear reason.`
  const next = 'What is still refused after 15 minutes gets a red card of its own; what works again is left alone.'
  return {
    text: `🔧 ${what} That looks like Redkey's ${label} app, and not like their logins: ${plainNames(doubtful, others)}. ${next}`,
    blocks: [
      header(`🔧 ${label} refuses several logins at once`),
      section(
        `For whoever runs Redkey. ${what}`,
        "That looks like trouble of Redkey's app there, or of the provider, and not of these logins.",
      ),
      section(`*What ${label} says*\n${escapeMrkdwn(explanation, 300)}`),
      section(
        `*What to do*\nLook whether the app was blocked, changed or deleted at ${label}, and at the status page of ${label}. \`npm run redkey -- doctor\` asks about the app. Nobody needs to log in yet.`,
      ),
      section(`*In doubt*\n${names(doubtful, others) || 'none'}`, ...needLogin(trouble)),
      context(red.length === 0 ? next : `${next} One card stands for the app.`),
    ],
  }
}

function closedCard(trouble: AppTrouble, label: string, since: Date, closedAt: Date): Rendered {
  const lasted = duration(closedAt.getTime() - since.getTime())
  const end =
    trouble.red.length === 0
      ? `All logins work again after ${lasted}; nobody had to log in.`
      : `It took ${lasted}. ${plural(trouble.red.length + trouble.others, 'connection')} could not be confirmed and got a red card: ${names(trouble.red, trouble.others)}.`
  return {
    text: `✅ ${label} refused several logins at once. ${end.replaceAll('*', '')}`,
    blocks: [header(`✅ ${label}: the trouble with several logins is over`), section(end)],
  }
}

function needLogin({ red }: AppTrouble): string[] {
  return red.length === 0 ? [] : [`*Have a red card by now*\n${names(red)}`]
}
