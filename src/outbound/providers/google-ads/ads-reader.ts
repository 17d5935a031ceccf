import { apiReader } from '../google/verdicts.ts'
import { adsMeaning } from './ads-meaning.ts'

export const adsReader = apiReader((said) => (said.kind === 'ads' ? adsMeaning(said.group, said.code) : null))
