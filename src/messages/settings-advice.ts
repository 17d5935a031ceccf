import type { ProviderName } from '../domain/provider.ts'

/** How the settings of a provider's app begin. */
const PREFIX: Record<ProviderName, string> = {
  salesforce: 'SALESFORCE',
  dynamics: 'DYNAMICS',
  hubspot: 'HUBSPOT',
  'google-ads': 'GOOGLE',
  'microsoft-ads': 'MICROSOFT_ADS',
  meta: 'META',
  linkedin: 'LINKEDIN',
  cm360: 'GOOGLE',
}

const SECRET = /secret/i
const ID = /client[ _-]?id|app id|invalid_client|unauthorized_client|client_(missing|changed)|700016/i

/** By what the provider says and the words of its verdict: which setting is wrong. First match wins. */
const ADVICE: readonly [says: (text: string) => boolean, advice: string][] = [
  [(text) => /seal_broken/.test(text), 'Put the key that sealed the login back into `REDKEY_KEYS`.'],
  [
    (text) => /client_changed/.test(text),
    'Compare `{P}_CLIENT_ID` and the login URL with what they were when the connection was made.',
  ],
  [
    (text) => /redirect|callback/i.test(text),
    'Register this redirect address with the {label} app: `REDKEY_URL` with `/oauth/callback/{name}` behind it.',
  ],
  [
    (text) => /version|sunset|deprecated|not offered any more/i.test(text),
    'The API version is too old: update Redkey to the newest release.',
  ],
  [
    (text) => SECRET.test(text) && !ID.test(text),
    'Set `{P}_CLIENT_SECRET` to the secret of the {label} app as it is now; it may have ended or been replaced.',
  ],
  [
    (text) => SECRET.test(text) || ID.test(text),
    'Compare `{P}_CLIENT_ID` and `{P}_CLIENT_SECRET` with the {label} app. It may have been deleted, or its secret replaced.',
  ],
  [
    (text) => /project|disabled|not enabled/i.test(text),
    'Look at the {label} app there: whether its API is enabled, and its access.',
  ],
]

const OTHERWISE =
  'Check the client id, the client secret and the redirect address of the {label} app (`{P}_CLIENT_ID`, `{P}_CLIENT_SECRET`).'

/** What whoever runs Redkey has to look at: `code` is the provider's own. */
export function settingsAdvice(code: string, explanation: string, name: ProviderName, label: string): string {
  const [, advice] = ADVICE.find(([says]) => says(`${code} ${explanation}`)) ?? [null, OTHERWISE]
  return advice.replaceAll('{P}', PREFIX[name]).replaceAll('{label}', label).replaceAll('{name}', name)
}
