// Times are whole seconds since 1970 (window ends); shown in New York time, with UTC beside it where there is room.

export type Zone = 'America/New_York' | 'UTC';
export const NEW_YORK: Zone = 'America/New_York';

const NS_PER_SECOND = 1_000_000_000n;

/** Exact: a window ends on a whole second, anything else is an error of the sender. */
export function secondOfNs(ns: bigint): number {
  if (ns % NS_PER_SECOND !== 0n) throw new Error(`window_end_ts_ns ${ns} is not a whole second`);
  return Number(ns / NS_PER_SECOND);
}

export const nsText = (second: number): string => (BigInt(second) * NS_PER_SECOND).toString();

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, made);
  }
  return made;
}

function parts(second: number, zone: Zone): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of format(zone).formatToParts(second * 1000)) found[part.type] = part.value;
  return found;
}

/** "18:31:07" */
export function timeOfDay(second: number, zone: Zone): string {
  const p = parts(second, zone);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** "2023-12-25" */
export function dateOf(second: number, zone: Zone): string {
  const p = parts(second, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

/** How far the zone's wall clock is ahead of UTC at that moment, in seconds. */
export function zoneOffset(second: number, zone: Zone): number {
  const p = parts(second, zone);
  const wall = Date.UTC(+p.year, +p.month - 1, +p.day, +p.hour, +p.minute, +p.second) / 1000;
  return wall - second;
}

const TIME_TEXT = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/**
 * The moment within [first, last] whose wall clock in `zone` reads `text` (HH:MM or HH:MM:SS). A session may cross
 * midnight or a change of clocks, so each of its wall dates is tried. Null: not a time, or outside the session.
 */
export function secondAt(text: string, zone: Zone, first: number, last: number): number | null {
  const match = TIME_TEXT.exec(text.trim());
  if (!match) return null;
  const [hours, minutes, seconds] = [+match[1], +match[2], +(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const wall = hours * 3600 + minutes * 60 + seconds;
  const day = 86_400;
  for (const offset of new Set([zoneOffset(first, zone), zoneOffset(last, zone)])) {
    for (let d = Math.floor((first + offset) / day); d <= Math.floor((last + offset) / day); d++) {
      const second = d * day + wall - offset;
      if (second >= first && second <= last && zoneOffset(second, zone) === offset) return second;
    }
  }
  return null;
}

/** "2023-12-25T23:31:07Z", for links. */
export const isoText = (second: number): string => new Date(second * 1000).toISOString().replace('.000Z', 'Z');

export function secondOfIso(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms / 1000;
}
