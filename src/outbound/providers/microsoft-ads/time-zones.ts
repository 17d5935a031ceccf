interface TimeZone {
  /** IANA name. */
  readonly iana: string
  /** What a report calls it, where that is another word than the account's. */
  readonly inReports?: string
}

/** "If you do not specify a value when the account is added, the time zone will be set to PacificTimeUSCanadaTijuana": advertiseraccount. */
const OF_ACCOUNTS_WITHOUT = 'PacificTimeUSCanadaTijuana'

/**
 * TimeZoneType of an account, with its ReportTimeZone where the two lists differ:
 * https://learn.microsoft.com/advertising/customer-management-service/timezonetype, reporting-service/reporttimezone and guides/time-zones
 * (of 2026-08, read 2026-11). The pages give offsets only; where cities of one zone go different ways by now, the first that has the
 * offset is meant.
 */
const TIME_ZONES: Readonly<Record<string, TimeZone>> = {
  AbuDhabiMuscat: { iana: 'Asia/Dubai' },
  Adelaide: { iana: 'Australia/Adelaide' },
  Alaska: { iana: 'America/Anchorage' },
  AlmatyNovosibirsk: { iana: 'Asia/Omsk' },
  AmsterdamBerlinBernRomeStockholmVienna: { iana: 'Europe/Berlin' },
  Arizona: { iana: 'America/Phoenix' },
  AstanaDhaka: { iana: 'Asia/Dhaka' },
  AthensBuckarestIstanbul: { iana: 'Europe/Athens', inReports: 'AthensIslandanbulMinsk' },
  AtlanticTimeCanada: { iana: 'America/Halifax' },
  AucklandWellington: { iana: 'Pacific/Auckland' },
  Azores: { iana: 'Atlantic/Azores' },
  Baghdad: { iana: 'Asia/Baghdad' },
  BakuTbilisiYerevan: { iana: 'Asia/Baku' },
  BangkokHanoiJakarta: { iana: 'Asia/Bangkok' },
  BeijingChongqingHongKongUrumqi: { iana: 'Asia/Shanghai' },
  BelgradeBratislavaBudapestLjubljanaPrague: { iana: 'Europe/Prague' },
  BogotaLimaQuito: { iana: 'America/Bogota' },
  Brasilia: { iana: 'America/Sao_Paulo' },
  Brisbane: { iana: 'Australia/Brisbane' },
  BrusselsCopenhagenMadridParis: { iana: 'Europe/Paris' },
  Bucharest: { iana: 'Europe/Bucharest' },
  BuenosAiresGeorgetown: { iana: 'America/Argentina/Buenos_Aires' },
  Cairo: { iana: 'Africa/Cairo' },
  CanberraMelbourneSydney: { iana: 'Australia/Sydney' },
  CapeVerdeIsland: { iana: 'Atlantic/Cape_Verde' },
  CaracasLaPaz: { iana: 'America/La_Paz' },
  CasablancaMonrovia: { iana: 'Africa/Monrovia' },
  CentralAmerica: { iana: 'America/Guatemala' },
  CentralTimeUSCanada: { iana: 'America/Chicago' },
  ChennaiKolkataMumbaiNewDelhi: { iana: 'Asia/Kolkata' },
  ChihuahuaLaPazMazatlan: { iana: 'America/Mazatlan' },
  Darwin: { iana: 'Australia/Darwin' },
  EasternTimeUSCanada: { iana: 'America/New_York' },
  Ekaterinburg: { iana: 'Asia/Yekaterinburg' },
  FijiKamchatkaMarshallIsland: { iana: 'Pacific/Fiji' },
  Greenland: { iana: 'America/Nuuk' },
  GreenwichMeanTimeDublinEdinburghLisbonLondon: { iana: 'Europe/London' },
  GuadalajaraMexicoCityMonterrey: { iana: 'America/Mexico_City' },
  GuamPortMoresby: { iana: 'Pacific/Guam' },
  HararePretoria: { iana: 'Africa/Johannesburg' },
  Hawaii: { iana: 'Pacific/Honolulu' },
  HelsinkiKyivRigaSofiaTallinnVilnius: { iana: 'Europe/Helsinki' },
  Hobart: { iana: 'Australia/Hobart' },
  IndianaEast: { iana: 'America/Indiana/Indianapolis' },
  InternationalDateLineWest: { iana: 'Etc/GMT+12' },
  IrkutskUlaanBataar: { iana: 'Asia/Irkutsk' },
  IslamabadKarachiTashkent: { iana: 'Asia/Karachi', inReports: 'IslandamabadKarachiTashkent' },
  Jerusalem: { iana: 'Asia/Jerusalem' },
  Kabul: { iana: 'Asia/Kabul' },
  Kathmandu: { iana: 'Asia/Kathmandu' },
  Krasnoyarsk: { iana: 'Asia/Krasnoyarsk' },
  KualaLumpurSingapore: { iana: 'Asia/Singapore' },
  KuwaitRiyadh: { iana: 'Asia/Riyadh' },
  MidAtlantic: { iana: 'Etc/GMT+2' },
  MidwayIslandAndSamoa: { iana: 'Pacific/Pago_Pago', inReports: 'MidwayIslandandSamoa' },
  MoscowStPetersburgVolgograd: { iana: 'Europe/Moscow' },
  MountainTimeUSCanada: { iana: 'America/Denver' },
  Nairobi: { iana: 'Africa/Nairobi' },
  Newfoundland: { iana: 'America/St_Johns' },
  Nukualofa: { iana: 'Pacific/Tongatapu' },
  OsakaSapporoTokyo: { iana: 'Asia/Tokyo' },
  PacificTimeUSCanadaTijuana: { iana: 'America/Los_Angeles' },
  Perth: { iana: 'Australia/Perth' },
  Rangoon: { iana: 'Asia/Yangon' },
  Santiago: { iana: 'America/Santiago' },
  SarajevoSkopjeWarsawZagreb: { iana: 'Europe/Warsaw' },
  Saskatchewan: { iana: 'America/Regina' },
  Seoul: { iana: 'Asia/Seoul' },
  SolomonIslandNewCaledonia: { iana: 'Pacific/Guadalcanal', inReports: 'MagadanSolomonIslandNewCaledonia' },
  SriJayawardenepura: { iana: 'Asia/Colombo' },
  Taipei: { iana: 'Asia/Taipei' },
  Tehran: { iana: 'Asia/Tehran' },
  Vladivostok: { iana: 'Asia/Vladivostok' },
  WestCentralAfrica: { iana: 'Africa/Lagos' },
  Yakutsk: { iana: 'Asia/Yakutsk' },
}

/** `name`: TimeZone of an account, null where it tells none. Null: no such zone is documented. */
export function timeZoneOf(name: string | null): { readonly iana: string; readonly inReports: string } | null {
  const known = name ?? OF_ACCOUNTS_WITHOUT
  const zone = Object.hasOwn(TIME_ZONES, known) ? TIME_ZONES[known] : undefined
  return zone ? { iana: zone.iana, inReports: zone.inReports ?? known } : null
}
