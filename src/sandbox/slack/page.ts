import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { pictureType } from './block-files.ts'
import { readBody } from './http-body.ts'
import { isObject, parseJson } from './json.ts'
import { doPageAct, type PageActDeps } from './page-acts.ts'
import { createLive } from './page-live.ts'
import { linkedPlace, readPlace } from './page-place.ts'
import { drawParts, drawShell, type PageWords } from './page-shell.ts'
import type { World } from './world.ts'

export interface PageDeps extends PageActDeps {
  readonly words: PageWords
}

/** The workspace as a web page. */
export interface Page {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  refreshPanel(): void
  close(): void
}

/** Styles come as attributes from the block library; scripts only from the page's own files. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: http: https:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

export function createPage(deps: PageDeps): Page {
  const { world, panel, words } = deps
  const live = createLive(world)
  const assets = readAssets()

  function get(url: URL, response: ServerResponse): void {
    const asset = assets.get(url.pathname)
    const { place, person } = readPlace(world, url.searchParams)
    const viewer = { world, person }
    if (asset !== undefined) answer(response, 200, asset.type, asset.body)
    else if (url.pathname === '/') answer(response, 200, 'text/html; charset=utf-8', drawShell(viewer, place, panel, words))
    else if (url.pathname === '/page/parts')
      answer(response, 200, 'application/json', JSON.stringify(drawParts(viewer, place, panel)))
    else if (url.pathname === '/page/live') live.open(response)
    else if (url.pathname.startsWith('/archives/')) response.writeHead(302, { location: linkedPlace(world, url.pathname) }).end()
    else if (url.pathname.startsWith('/files/')) sendFile(world, url.pathname.slice('/files/'.length), response)
    else answer(response, 404, 'text/plain', 'There is nothing here.')
  }

  async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parseJson(await readBody(request))
    if (!isOwnOrigin(request) || !isObject(body)) return answer(response, 403, 'text/plain', 'Only the page itself may do that.')
    try {
      const outcome = await doPageAct(deps, body)
      if (body.do === 'panel') live.tell()
      answer(response, 200, 'application/json', JSON.stringify(outcome))
    } catch (error) {
      const say = error instanceof Error ? error.message : String(error)
      answer(response, 200, 'application/json', JSON.stringify({ say, isBad: true }))
    }
  }

  return {
    async handle(request, response) {
      const url = new URL(request.url ?? '/', 'http://localhost')
      if (request.method === 'GET' || request.method === 'HEAD') get(url, response)
      else if (request.method === 'POST' && url.pathname === '/page/act') await post(request, response)
      else answer(response, 405, 'text/plain', 'No.')
    },
    refreshPanel: live.tell,
    close: live.close,
  }
}

/** Other sites that are open in the same browser can't press buttons here. */
function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type })
  response.end(body)
}

/** Pictures as such, since blocks show them. All else as a download: what an app uploads is never shown as a page. */
function sendFile(world: World, id: string, response: ServerResponse): void {
  const file = world.files.get(id)
  if (file === undefined) return void answer(response, 404, 'text/plain', 'There is no such file.')
  const type = pictureType(file.bytes)
  const name = encodeURIComponent(file.name)
  response.writeHead(200, {
    ...HEADERS,
    'content-type': type ?? 'application/octet-stream',
    'content-disposition': `${type === undefined ? 'attachment' : 'inline'}; filename*=UTF-8''${name}`,
  })
  response.end(file.bytes)
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="8" fill="#3b0d12"/><path fill="#ff5a5f" d="M22.5 7a6.5 6.5 0 0 0-6.2 8.5L7 24.8V29h4.2v-2.6h2.6v-2.6h2.6l2.1-2.1a6.5 6.5 0 1 0 4-14.7Zm1.6 7.2a1.9 1.9 0 1 1 0-3.8 1.9 1.9 0 0 1 0 3.8Z"/></svg>'

const SHEETS = [
  'frame',
  'sidebar',
  'feed',
  'composer',
  'message',
  'text',
  'attachment',
  'blocks',
  'fields',
  'modal',
  'panel',
  'guide',
]

function readAssets(): Map<string, { type: string; body: string }> {
  const own = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
  const library = readFileSync(createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8')
  const [css, script] = ['text/css; charset=utf-8', 'text/javascript; charset=utf-8']
  return new Map([
    ['/assets/page.css', { type: css, body: SHEETS.map((name) => own(`./assets/${name}.css`)).join('\n') }],
    ['/assets/blocks.css', { type: css, body: tame(library) }],
    ['/assets/page.client.js', { type: script, body: own('./page.client.js') }],
    [
      '/assets/page-scroll.client.js',
      { type: script, body: readFileSync(new URL('./page-scroll.client.js', import.meta.url), 'utf8') },
    ],
    ['/assets/icon.svg', { type: 'image/svg+xml', body: ICON }],
  ])
}

/** The library's rules by class (its element id would occur once per block), and weaker than any rule of the page. */
function tame(css: string): string {
  return css
    .replaceAll(/[#.]slack_blocks_to_jsx\.styles_enabled/g, ':where(.styles_enabled)')
    .replaceAll('#slack_blocks_to_jsx', ':where(.slack_blocks_to_jsx)')
    .replaceAll('!important', '')
}
