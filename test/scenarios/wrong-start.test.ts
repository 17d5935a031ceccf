import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openStore } from '../../src/outbound/store/store.ts'
import { addConnection, at, aWorkspace } from '../support/builders.ts'
import { startProcess } from '../support/process.ts'
import { aWorld, freePort, type World } from '../support/world.ts'

const HERE = 'T0ACME'

async function aFolder() {
  const path = await mkdtemp(join(tmpdir(), 'redkey-wrong-start-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Starts, while Slack is down, on a database that knows these workspaces, the last saved last. */
async function aWorldThatKnows(path: string, teamIds: readonly string[]): Promise<World> {
  const store = await openStore(`file:${path}`, { stamp: 'sandbox' })
  for (const [ms, teamId] of teamIds.entries()) {
    await store.workspaces.save(aWorkspace({ teamId }), at(ms))
    await addConnection(store, { teamId, name: `of-${teamId}` })
  }
  await store.close()
  return aWorld({
    databaseUrl: `file:${path}`,
    prepare: ({ slack }) => slack.faults.httpError({ method: 'auth.test', times: 1_000 }),
  })
}

async function served(world: World): Promise<string> {
  const { body } = await world.api('/v1/connections')
  return JSON.stringify(body)
}

test('a start while Slack is down serves the workspace that was served last', async () => {
  await using folder = await aFolder()
  await using world = await aWorldThatKnows(join(folder.path, 'redkey.db'), ['T0AAA', HERE])
  expect(await served(world)).toContain(`of-${HERE}`)
  expect(await served(world)).not.toContain('of-T0AAA')
})

test('what was remembered counts until Slack itself answers', async () => {
  await using folder = await aFolder()
  await using world = await aWorldThatKnows(join(folder.path, 'redkey.db'), [HERE, 'T0OLD'])
  expect(await served(world)).toContain('of-T0OLD')
  await world.run('workspace')
  expect(await served(world)).toContain('of-T0OLD')
  world.slack.faults.clear()
  await world.run('workspace')
  expect(await served(world)).toContain(`of-${HERE}`)
  expect(await served(world)).not.toContain('of-T0OLD')
})

test('the sandbox neither takes nor deletes the database of another program', { timeout: 60_000 }, async () => {
  await using folder = await aFolder()
  const path = join(folder.path, 'other.db')
  const other = new Database(path)
  other.exec(`create table albums (title text); insert into albums values ('Blue Train')`)
  other.close()
  await using run = startProcess({ PORT: String(await freePort()), DATABASE_URL: `file:${path}` }, { cwd: folder.path })
  expect(await run.exited).toBe(78)
  expect(run.stderr()).toContain('albums')
  expect(existsSync(path)).toBe(true)
  const still = new Database(path, { readonly: true })
  expect(still.prepare('select title from albums').all()).toEqual([{ title: 'Blue Train' }])
  expect(still.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'albums' }])
  still.close()
})
