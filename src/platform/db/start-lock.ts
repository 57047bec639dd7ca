import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, processMark } from './process-mark.ts';

// Who may start or stop the database, and who uses it: names in one directory, safe under kill -9 at any moment.
//
// INVARIANT: the lock belongs to the highest number. `start.lock.7` is a link to its holder's mark, `start.lock.8.free`
// the same lock given back. Numbers only grow, so a dead holder's lock is taken over by making the next number, which
// the file system lets one process do; nobody ever deletes a lock that somebody else may hold.
const LOCK = /^start\.lock\.(\d+)(\.free)?$/;
const USER = /^in-use\.(\d+-\d+)\.\d+$/;

interface Lock {
  number: number;
  isHeld: boolean;
}

function highestLock(dir: string): Lock {
  let highest: Lock = { number: 0, isHeld: false };
  for (const name of readdirSync(dir)) {
    const match = LOCK.exec(name);
    const number = Number(match?.[1] ?? 0);
    if (match && number > highest.number) highest = { number, isHeld: match[2] === undefined };
  }
  if (!highest.isHeld) return highest;
  return { ...highest, isHeld: holderIsAlive(join(dir, lockName(highest.number))) };
}

function holderIsAlive(path: string): boolean {
  try {
    return isAlive(readlinkSync(path));
  } catch {
    // Given back since the directory was listed: looks held for now, the next look tells.
    return true;
  }
}

function lockName(number: number): string {
  return `start.lock.${number}`;
}

export function isLocked(dir: string): boolean {
  return highestLock(dir).isHeld;
}

/** Takes the lock, or returns undefined when another holds it. The result gives it back. */
export function tryLock(dir: string): (() => void) | undefined {
  const highest = highestLock(dir);
  if (highest.isHeld) return undefined;
  const number = highest.number + 1;
  const path = join(dir, lockName(number));
  try {
    symlinkSync(ownMark(), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  // We may have been asleep since the first look, and others have come and gone.
  if (highestLock(dir).number !== number) {
    rmSync(path, { force: true });
    return undefined;
  }
  for (const name of readdirSync(dir)) {
    if (Number(LOCK.exec(name)?.[1] ?? number) < number) rmSync(join(dir, name), { force: true });
  }
  return () => renameSync(path, join(dir, `${lockName(number + 1)}.free`));
}

let handles = 0;

/** Says that this process uses the database. The result takes it back. */
export function addUser(dir: string): () => void {
  countUsers(dir);
  const path = join(dir, `in-use.${ownMark()}.${++handles}`);
  writeFileSync(path, '');
  return () => rmSync(path, { force: true });
}

/** How many live processes (or handles of this one) use the database; the names of dead ones are removed. */
export function countUsers(dir: string): number {
  let count = 0;
  for (const name of readdirSync(dir)) {
    const mark = USER.exec(name)?.[1];
    if (mark === undefined) continue;
    if (isAlive(mark)) count++;
    else rmSync(join(dir, name), { force: true });
  }
  return count;
}

function ownMark(): string {
  return processMark(process.pid) ?? `${process.pid}-0`;
}
