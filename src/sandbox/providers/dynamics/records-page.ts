import { escapeHtml } from '../html.ts'
import type { Environment } from './environment.ts'
import type { Table } from './rows.ts'

const SHOWN = 50

/** The environment's own page: what arrived in it, newest first. For people who want to see it with their own eyes. */
export function recordsPage(environment: Environment): string {
  const tables = environment.tables().filter(({ seed, rows }) => seed.custom && rows.size > 0)
  const kind = environment.isSandbox ? 'Sandbox' : 'Production'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(environment.name)} | Dynamics 365 (sandbox fake)</title><style>${STYLE}</style></head>
<body><header><span class="badge" aria-hidden="true">D365</span><h1>${escapeHtml(environment.name)} <span class="kind">${kind}</span></h1></header>
<main>${tables.length === 0 ? '<p>No touchpoints have arrived yet.</p>' : tables.map(section).join('\n')}</main>
<footer>A fake Dynamics 365 environment, part of the Redkey sandbox. Reload to see what arrived since.</footer></body></html>
`
}

function section({ seed, rows, column }: Table): string {
  const newest = [...rows.values()].slice(-SHOWN).reverse()
  const columns = [...new Set(newest.flatMap((record) => Object.keys(record.fields)))]
  const names = columns.map((name) => column(name)?.label ?? name)
  const lines = newest.map((record) => {
    const cells = columns.map((name) => `<td>${escapeHtml(String(record.fields[name] ?? ''))}</td>`)
    return `<tr>${cells.join('')}<td>${record.updated === 0 ? 'once' : `${record.updated + 1} times`}</td></tr>`
  })
  const count = rows.size > SHOWN ? `${rows.size.toLocaleString('en')}, the newest ${SHOWN} shown` : String(rows.size)
  return `<section><h2>${escapeHtml(seed.label)} <span class="kind">${count}</span></h2>
<div class="wide"><table><thead><tr>${names.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}<th scope="col">Written</th></tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div></section>`
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:#f3f2f1;color:#201f1e;font:15px/1.5 "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{display:flex;align-items:center;gap:12px;padding:12px 20px;background:#002050;color:#fff}
.badge{display:inline-grid;place-items:center;padding:0 8px;height:34px;border-radius:2px;background:#742774;color:#fff;font-weight:700}
h1{font-size:19px;margin:0;font-weight:600}h2{font-size:17px;margin:0 0 10px;font-weight:600}
.kind{margin-left:6px;padding:1px 8px;border-radius:2px;background:#edebe9;color:#323130;font-size:12px;vertical-align:middle}
main{padding:20px;display:grid;gap:20px;grid-template-columns:minmax(0,1fr)}
section{background:#fff;border-radius:2px;padding:16px;box-shadow:0 1.6px 3.6px rgba(0,0,0,.13)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;white-space:nowrap}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid #edebe9}
td{max-width:260px;overflow:hidden;text-overflow:ellipsis}
th{color:#605e5c;font-weight:600;font-size:13px}
footer{padding:0 20px 24px;font-size:13px;color:#605e5c}
`
