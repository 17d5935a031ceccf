import Database from 'better-sqlite3'

/** What happened to the rows, written by the database itself: a second set of books that no code of ours keeps. */
const TRIGGERS = `
  create table journal (n integer primary key autoincrement, what text not null, key integer, state text);
  create trigger placed after insert on touchpoint_ids begin
    insert into journal (what, key, state) values ('placed', new.key, 'waiting'); end;
  create trigger settled_apart after insert on strays when new.state in ('pushed', 'rejected') begin
    insert into journal (what, key, state) values ('settled', new.key, new.state); end;
  create trigger settled_later after update of state on strays when old.state <> new.state and new.state in ('pushed', 'rejected', 'dismissed')
    begin insert into journal (what, key, state) values ('settled', new.key, new.state); end;
  create trigger taken_back after update of state on strays when old.state = 'rejected' and new.state = 'superseded' begin
    insert into journal (what, key, state) values ('taken_back', new.key, new.state); end;
  create trigger settled_together after update of open on segments when new.open = 0 begin
    insert into journal (what, key, state) select 'settled', key, 'pushed' from touchpoint_ids
      where segment = new.key and key not in (select key from strays); end;
  create trigger removed after delete on touchpoint_ids begin
    insert into journal (what, key, state) values ('removed', old.key, coalesce((select state from strays where key = old.key),
      (select iif(open = 0, 'pushed', 'waiting') from segments where key = old.segment), 'waiting')); end;
  create trigger outage_opened after insert on outages begin insert into journal (what) values ('outage_opened'); end;
  create trigger outage_closed after update of closed_at on outages when old.closed_at is null and new.closed_at is not null begin
    insert into journal (what) values ('outage_closed'); end;
  create trigger catch_up_begun after insert on catch_ups begin
    insert into journal (what, key) values ('catch_up', new.up_to_key); end;
  create trigger catch_up_extended after update of up_to_key on catch_ups begin
    insert into journal (what, key) values ('catch_up', new.up_to_key); end;
  create trigger catch_up_finished after update of finished_at on catch_ups when old.finished_at is null and new.finished_at is not null
    begin insert into journal (what) values ('catch_up_finished'); end;
`

interface Entry {
  readonly what:
    | 'placed'
    | 'settled'
    | 'taken_back'
    | 'removed'
    | 'outage_opened'
    | 'outage_closed'
    | 'catch_up'
    | 'catch_up_finished'
  readonly key: number
  readonly state: 'waiting' | 'pushed' | 'superseded' | 'rejected' | 'dismissed'
}

export interface CatchUpNumbers {
  expected: number
  pushed: number
  superseded: number
  rejected: number
}

/** What the counters must say. */
export interface Books {
  readonly backlog: { readonly waiting: number; readonly pushed: number; readonly superseded: number; readonly rejected: number }
  /** The oldest first. */
  readonly catchUps: readonly CatchUpNumbers[]
}

export function beginJournal(databaseFile: string): void {
  const database = new Database(databaseFile)
  database.exec(TRIGGERS)
  database.close()
}

/**
 * Adds up the journal of a database with one connection. A catch-up expects what waits when an outage closes and what was superseded
 * in it; of that it counts what is pushed, superseded and rejected until nothing is left. One that begins before the last has finished
 * goes on with its numbers.
 */
export function addUp(databaseFile: string): Books {
  const database = new Database(databaseFile, { readonly: true })
  const entries = database.prepare('select what, key, state from journal order by n').all() as Entry[]
  database.close()
  const backlog = { waiting: 0, pushed: 0, superseded: 0, rejected: 0 }
  const catchUps: CatchUpNumbers[] = []
  let running: (CatchUpNumbers & { upTo: number }) | null = null
  let inOutage: { superseded: number } | null = null
  let closed = { superseded: 0 }

  for (const { what, key, state } of entries) {
    const covering: CatchUpNumbers | null = running !== null && key <= running.upTo ? running : null
    switch (what) {
      case 'placed':
        backlog.waiting += 1
        break
      case 'settled':
        if (state === 'dismissed') backlog.rejected -= 1
        else if (state === 'pushed' || state === 'rejected') {
          backlog.waiting -= 1
          backlog[state] += 1
          if (covering) covering[state] += 1
        }
        break
      case 'taken_back':
        backlog.rejected -= 1
        break
      case 'removed':
        if (state !== 'waiting') break
        backlog.waiting -= 1
        backlog.superseded += 1
        if (covering) covering.superseded += 1
        else if (inOutage) inOutage.superseded += 1
        break
      case 'outage_opened':
        inOutage = { superseded: 0 }
        break
      case 'outage_closed':
        closed = inOutage ?? { superseded: 0 }
        inOutage = null
        break
      case 'catch_up': {
        const before: CatchUpNumbers = running ?? { expected: 0, pushed: 0, superseded: 0, rejected: 0 }
        if (running === null) catchUps.push(before)
        running = Object.assign(before, { upTo: key })
        running.superseded += closed.superseded
        running.expected = backlog.waiting + running.pushed + running.superseded + running.rejected
        break
      }
      case 'catch_up_finished':
        running = null
        break
      default:
        what satisfies never
    }
  }
  return {
    backlog,
    catchUps: catchUps.map(({ expected, pushed, superseded, rejected }) => ({ expected, pushed, superseded, rejected })),
  }
}
