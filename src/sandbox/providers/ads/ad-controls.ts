import { button, type LiveControl, toggle } from '../panel.ts'
import type { AdLibrary } from './ad-library.ts'

/**
 * What anybody may do in an account while Redkey watches: new ads, and parameters of their own below the inherited ones. And what the
 * provider does to costs that it has told already.
 */
export function adControls(library: AdLibrary, accountName: string, prefix: string): LiveControl[] {
  const [campaign] = library.campaigns
  return [
    button(`${prefix}-ad`, `Create an ad in ${accountName}`, 'normal', () => {
      const { name } = library.createAd()
      return `${name} was created in ${campaign?.name ?? accountName}.`
    }),
    button(`${prefix}-restate`, `Restate the costs of ${accountName}`, 'normal', () => {
      library.restateCosts()
      return `${accountName}: the last three days cost a tenth less now. Redkey reads them again once a day, and after an outage.`
    }),
    ...(campaign === undefined
      ? []
      : [
          toggle(
            `${prefix}-own`,
            `Give the campaign ${campaign.name} its own URL parameters`,
            'normal',
            () => campaign.parameters !== '',
            () => {
              campaign.parameters = campaign.parameters === '' ? 'utm_source=newsletter' : ''
              return campaign.parameters === ''
                ? `${campaign.name} inherits its URL parameters again.`
                : `${campaign.name} now has its own URL parameters, which count instead of the inherited ones.`
            },
          ),
        ]),
  ]
}
