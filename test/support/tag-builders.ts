import type { Ad } from '../../src/domain/ads.ts'
import type { AdScan, SeenAd, TagChange } from '../../src/domain/tags/ad-scan.ts'
import { at } from './builders.ts'

export function anAd(over: Partial<Ad> = {}): Ad {
  return {
    id: 'ad-1',
    name: 'Spring sale',
    campaignId: 'c-1',
    campaignName: 'Brand',
    createdAt: at(0),
    url: 'https://ads.example/ad-1',
    parameters: '',
    setBy: null,
    untaggable: null,
    ...over,
  }
}

export function aSeenAd(over: Partial<SeenAd> = {}): SeenAd {
  const { untaggable, ...ad } = anAd()
  return { ...ad, seenAt: at(0), coveredAt: null, trouble: 'Nothing sets utm_source for it.', ...over }
}

/** Of account "acc", which lacked `utm_source`. */
export function aTagChange(over: Partial<TagChange> = {}): TagChange {
  return {
    id: 'change-1',
    connectionId: 'conn_none',
    target: 'template',
    targetId: 'acc',
    targetName: 'Account Acme EU',
    before: 'ref=x',
    after: 'ref=x&utm_source=google',
    added: 'utm_source=google',
    at: at(0),
    by: null,
    madeAt: at(0),
    undoneAt: null,
    undoneBy: null,
    ...over,
  }
}

export function anAdScan(over: Partial<AdScan> = {}): AdScan {
  return {
    connectionId: 'conn_none',
    isTagging: true,
    parameters: 'utm_source=google',
    settingsAt: at(0),
    taggingSince: at(0),
    scannedUpTo: at(0),
    templates: [],
    overrides: [],
    overridesAt: null,
    version: 0,
    dueAt: at(0),
    failures: 0,
    trouble: null,
    lastAt: null,
    ...over,
  }
}
