import { type Finding, fine, problem, warning } from '../../domain/finding.ts'
import type { Http } from '../providers/http.ts'
import { asRecord, asText } from '../providers/json.ts'
import { askForToken, readAnswer, type SignInConfig } from './sign-in.ts'

const ABOUT = 'Sign in with Slack'

/** Whether Slack knows the client, by a code that can't exist: of a good client Slack says that the code is bad. Changes nothing. */
export async function examineSignIn(config: SignInConfig | null, redirectUri: string, http: Http): Promise<Finding[]> {
  if (config === null) {
    return [
      fine(
        ABOUT,
        `Not set up, so a Reauthorize link works for whoever opens it. To have people say who they are, add ${redirectUri} under OAuth & Permissions › Redirect URLs, and set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (Basic Information › App Credentials).`,
      ),
    ]
  }
  const register = `Under OAuth & Permissions › Redirect URLs of the Slack app there must be ${redirectUri}`
  const { protocol, hostname } = new URL(redirectUri)
  // The configuration takes plain http for this machine only.
  const plainHttp = `REDKEY_URL is plain http on ${hostname}: only a browser on this machine gets back from Slack, if Slack takes it at all.`
  const isPlain = protocol !== 'https:' && !isThisMachine(config.apiUrl)
  const found = isPlain ? [warning(`${ABOUT}: REDKEY_URL`, plainHttp, 'Set REDKEY_URL to the https address of Redkey.')] : []
  const answer = readAnswer(await askForToken(config, http, 'redkey-doctor', redirectUri))
  if (answer.kind === 'misconfigured') {
    const next = `Compare SLACK_CLIENT_ID and SLACK_CLIENT_SECRET with Basic Information › App Credentials. ${register}.`
    return [...found, problem(ABOUT, `Slack refuses the client: ${answer.reason}.`, next)]
  }
  if (answer.kind === 'unreachable') {
    const next = 'Check that this machine reaches it, and try again.'
    return [...found, warning(ABOUT, `${new URL(config.apiUrl).origin} gave no usable answer: ${answer.reason}.`, next)]
  }
  return [...found, fine(ABOUT, `Slack knows the client. ${register}.`), await examineDiscovery(config, http)]
}

/** Pages, keys and issuer are derived from `SLACK_API_URL`; Slack tells its own. */
async function examineDiscovery({ apiUrl }: SignInConfig, http: Http): Promise<Finding> {
  const { origin } = new URL(apiUrl)
  const about = `${ABOUT}: addresses`
  const answer = await http.send({ method: 'GET', url: `${origin}/.well-known/openid-configuration` })
  const told = asRecord(answer.kind === 'answer' ? answer.json : null)
  const expected = {
    issuer: origin,
    authorization_endpoint: `${origin}/openid/connect/authorize`,
    token_endpoint: new URL('openid.connect.token', apiUrl).href,
    jwks_uri: `${origin}/openid/connect/keys`,
  }
  if (asText(told['issuer']) === null)
    return warning(about, `${origin} does not tell them.`, 'Check SLACK_API_URL, unless it is a proxy.')
  const other = Object.entries(expected).find(([name, url]) => told[name] !== url)
  if (!other) return fine(about, `They are those of ${origin}.`)
  return problem(
    about,
    `Slack tells ${other[0]} ${String(told[other[0]]).slice(0, 200)}, and Redkey uses ${other[1]}.`,
    'Set SLACK_API_URL to the API of the Slack that people use (https://slack.com/api/).',
  )
}

function isThisMachine(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
