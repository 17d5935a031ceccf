import { adControls } from '../ads/ad-controls.ts'
import { button, type LiveControl, type LiveGroup, toggle } from '../panel.ts'
import type { CmAccount } from './cm360-world.ts'
import type { GoogleWorld } from './world.ts'

/** What may happen in each account, and to its reports. */
export function cm360AccountGroups(world: GoogleWorld): LiveGroup[] {
  return [
    ...world.cm.accounts.map((account) => ({
      title: `${account.name}: ads and costs`,
      note: 'What people do there while Redkey watches.',
      controls: [...adControls(account.library, account.name, `cm${account.id}`), ...ownControls(world, account)],
    })),
    {
      title: 'Reports',
      note: 'Costs come as a report that takes some time.',
      controls: [
        toggle(
          'cm-reports-fail',
          'Let reports fail',
          'normal',
          () => world.cm.switches.reportEnds === 'FAILED',
          () => {
            const { switches } = world.cm
            switches.reportEnds = switches.reportEnds === 'FAILED' ? 'REPORT_AVAILABLE' : 'FAILED'
            return switches.reportEnds === 'FAILED' ? 'Reports fail now.' : 'Reports are made again.'
          },
        ),
      ],
    },
  ]
}

function ownControls(world: GoogleWorld, account: CmAccount): LiveControl[] {
  const { id, name } = account
  const profiles = world.profiles.filter(({ accountId }) => accountId === id)
  return [
    button(`cm${id}-advertiser`, `Create an advertiser in ${name}`, 'normal', () => {
      const place = account.advertisers.length + 1
      const advertiser = account.createAdvertiser(`Advertiser ${place}`, `Launch of advertiser ${place}`)
      return `${advertiser.name} was created; its ads get no URL parameters yet.`
    }),
    toggle(
      `cm${id}-advertisers`,
      `Take the advertisers of ${name} from every user profile`,
      'danger',
      () => profiles.every(({ seesAdvertisers }) => !seesAdvertisers),
      () => {
        const sees = profiles.every(({ seesAdvertisers }) => !seesAdvertisers)
        for (const profile of profiles) profile.seesAdvertisers = sees
        return sees ? `Everybody sees the advertisers of ${name} again.` : `Nobody sees an advertiser of ${name} any more.`
      },
    ),
    toggle(
      `cm${id}-edit`,
      `Take the right to edit advertisers of ${name} away`,
      'normal',
      () => profiles.every(({ mayEditAdvertisers }) => !mayEditAdvertisers),
      () => {
        const may = profiles.every(({ mayEditAdvertisers }) => !mayEditAdvertisers)
        for (const profile of profiles) profile.mayEditAdvertisers = may
        return may ? `Advertisers of ${name} may be edited again.` : `Nobody may edit advertisers of ${name} any more.`
      },
    ),
  ]
}
