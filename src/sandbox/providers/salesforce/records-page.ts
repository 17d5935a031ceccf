import { escapeHtml } from '../html.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

const SHOWN = 50

/** The org's own page: what arrived in it, newest first. For people who want to see it with their own eyes. */
export function recordsPage(org: Org): string {
  const tables = org.tables().filter((table) => table.rows.size > 0)
  const kind = org.isSandbox ? 'Sandbox' : 'Production'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(org.name)} | Salesforce (sandbox fake)</title><style>${STYLE}</style></head>
<body><header><span class="badge" aria-hidden="true">SF</span><h1>${escapeHtml(org.name)} <span class="kind">${kind}</span></h1></header>
<main>${tables.length === 0 ? '<p>No touchpoints have arrived yet.</p>' : tables.map(section).join('\n')}</main>
<footer>A fake Salesforce org, part of the Redkey sandbox. Reload to see what arrived since.</footer></body></html>
`
}

function section(table: Table): string {
  const newest = [...table.rows.values()].slice(-SHOWN).reverse()
  const columns = [...new Set(newest.flatMap((record) => Object.keys(record.fields)))]
  const names = columns.map((name) => table.field(name)?.label ?? name)
  const rows = newest.map((record) => {
    const cells = columns.map((name) => `<td>${escapeHtml(String(record.fields[name] ?? ''))}</td>`)
    return `<tr>${cells.join('')}<td>${record.updated === 0 ? 'once' : `${record.updated + 1} times`}</td></tr>`
  })
  const count =
    table.rows.size > SHOWN ? `${table.rows.size.toLocaleString('en')}, the newest ${SHOWN} shown` : String(table.rows.size)
  return `<section><h2>${escapeHtml(table.seed.labelPlural)} <span class="kind">${count}</span></h2>
<div class="wide"><table><thead><tr>${names.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}<th scope="col">Written</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:#eef4fb;color:#16325c;font:15px/1.5 "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{display:flex;align-items:center;gap:12px;padding:14px 20px;background:#fff;border-bottom:3px solid #0b5cab}
.badge{display:inline-grid;place-items:center;width:38px;height:38px;border-radius:10px;background:#0b5cab;color:#fff;font-weight:700}
h1{font-size:20px;margin:0}h2{font-size:17px;margin:0 0 10px}
.kind{margin-left:6px;padding:1px 8px;border-radius:10px;background:#eef2f8;color:#3e5372;font-size:12px;font-weight:500;vertical-align:middle}
main{padding:20px;display:grid;gap:20px;grid-template-columns:minmax(0,1fr)}
section{background:#fff;border:1px solid #d8dde6;border-radius:6px;padding:16px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;white-space:nowrap}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid #e6eaf0}
td{max-width:260px;overflow:hidden;text-overflow:ellipsis}
th{color:#54698d;font-weight:600;font-size:13px}
footer{padding:0 20px 24px;font-size:13px;color:#54698d}
`
