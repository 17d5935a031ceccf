import type { SecretEnds } from '../domain/warnings/warning.ts'
import { header, type Rendered, section } from './blocks.ts'
import { date } from './mrkdwn.ts'
import { plural } from './words.ts'

/** The secret of our own app ends: for whoever runs Redkey. */
export function secretEndsCard({ provider, endsAt, daysLeft, step, isReplaced }: SecretEnds, label: string, now: Date): Rendered {
  const at = new Date(endsAt)
  if (isReplaced) {
    const text = `The client secret of the ${label} app was replaced.`
    return { text: `✅ ${text}`, blocks: [header(`✅ ${label}: a new client secret is set`), section(text)] }
  }
  const isOver = step === 0 || now >= at
  const left = isOver ? 'has ended' : daysLeft === 0 ? 'ends today' : `ends in ${plural(daysLeft, 'day')}`
  const what = `The client secret of the ${label} app ${left}: ${date(at)}.`
  const effect = isOver
    ? `No ${label} login can be refreshed or made until there is a new one.`
    : `From then on no ${label} login can be refreshed or made.`
  const prefix = provider === 'dynamics' ? 'DYNAMICS' : 'MICROSOFT_ADS'
  return {
    text: `${isOver ? '🔧' : '🟡'} ${what} ${effect} Whoever runs Redkey has to make a new one; nobody needs to log in.`,
    blocks: [
      header(`${isOver ? '🔧' : '🟡🔧'} ${label}: the client secret ${left}`),
      section(`For whoever runs Redkey. ${what} ${effect} Nobody needs to log in.`),
      section(
        `*What to do*\nIn the Microsoft Entra admin center, under the app's *Certificates & secrets*, make a new client secret. Set \`${prefix}_CLIENT_SECRET\` and \`${prefix}_CLIENT_SECRET_EXPIRES\`, and restart Redkey.`,
      ),
    ],
  }
}
