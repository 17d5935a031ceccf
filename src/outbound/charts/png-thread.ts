import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

/** Sharp on screens with small pixels, too. */
const ZOOM = 2
const RENDERER = fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))
const FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))

await initWasm(readFileSync(RENDERER))
const renderer = new Resvg(String(workerData), {
  fitTo: { mode: 'zoom', value: ZOOM },
  font: { fontBuffers: [readFileSync(FONT)], defaultFontFamily: 'DejaVu Sans' },
})
const png = Uint8Array.from(renderer.render().asPng())
parentPort?.postMessage(png, [png.buffer])
