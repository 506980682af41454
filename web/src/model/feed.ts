// The feed a live session is made from, as the server tells it: its state, how old its data are, where it has holes; and what of that
// a person must know, in words.
import { NEW_YORK, timeOfDay } from './clock';

export const FEED_STATES = ['connecting', 'replaying', 'live', 'reconnecting', 'stopped', 'ended'] as const;
export type FeedState = (typeof FEED_STATES)[number];

/** Data of this time are missing; seconds since 1970 with fractions. */
export interface FeedGap {
  start: number;
  /** Null: it goes on. */
  end: number | null;
  cause: string;
}

export interface Feed {
  state: FeedState;
  dataset: string;
  /** Why it is so; may be empty. */
  detail: string;
  /** From the record's time at the venue to its arrival; null: no record yet. */
  lagMs: number | null;
  /** Of the newest record: its time, and how long ago it came when this was said, in seconds. */
  lastRecord: number | null;
  lastRecordAge: number | null;
  /** End of the newest closed window. */
  edge: number | null;
  reconnects: number;
  gaps: readonly FeedGap[];
  /** Instruments without data for longer than the server's limit, with how long, in seconds. */
  stale: readonly { symbol: string; age: number }[];
}

/** From so many seconds without data on, an instrument is called stale. */
export const STALE_SECONDS = 5;
/** The server speaks of the feed once a second at least: after so long a silence nothing is known of it. */
export const UNHEARD_SECONDS = 3;
/** A lag from here on is shown as bad. */
export const HIGH_LAG_MS = 1000;
/** A gateway that plays a recorded day sends records that are older than any session is long. */
export const ANOTHER_DAY_MS = 26 * 3_600_000;

/** How a state is to be taken; its colour, beside icon and word. */
export type Tone = 'good' | 'busy' | 'bad' | 'over';

export const FEED_WORDS: Record<FeedState, { icon: string; word: string; tone: Tone; sentence: string }> = {
  connecting: { icon: '◌', word: 'connecting', tone: 'busy', sentence: 'The server is connecting to the feed' },
  replaying: { icon: '»', word: 'catching up', tone: 'busy', sentence: 'The feed repeats what came before, up to now' },
  live: { icon: '●', word: 'feed live', tone: 'good', sentence: 'Records arrive as they happen' },
  reconnecting: { icon: '↻', word: 'feed lost', tone: 'bad', sentence: 'The server has lost the feed and reconnects' },
  stopped: { icon: '■', word: 'feed stopped', tone: 'bad', sentence: 'The server takes nothing more from the feed' },
  ended: { icon: '□', word: 'session over', tone: 'over', sentence: 'The session is over; nothing more will come' },
};

/** "0.4 s", "47 s", "3 min 20 s", "2 h 10 min" */
export function spanText(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** "12 ms", "1.2 s"; records that much older than the clock are of another day, which is no lag. */
export function lagText(ms: number): string {
  if (ms >= ANOTHER_DAY_MS) return 'of a past day';
  return ms < HIGH_LAG_MS ? `${Math.round(ms)} ms` : spanText(ms / 1000);
}

/** "−0:12", "−1:02:03": how far behind the live edge. */
export function behindText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `−${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** "10:02:13–10:02:31", "since 10:02:13" while it goes on. */
export function gapTimes({ start, end }: FeedGap): string {
  const at = (second: number) => timeOfDay(Math.floor(second), NEW_YORK);
  return end === null ? `since ${at(start)}` : `${at(start)}–${at(end)}`;
}

/** "18 s · 10:02:13–10:02:31 · connection lost"; `now`: where one that goes on has got to. */
export function gapWords(gap: FeedGap, now: number): string {
  const long = spanText(Math.max(0, (gap.end ?? now) - gap.start));
  return [long, gapTimes(gap), gap.cause].filter(Boolean).join(' · ');
}

/** Whether something from `start` to `end` (null: without end) touches the second that ends at `second`. */
export const touches = ({ start, end }: Pick<FeedGap, 'start' | 'end'>, second: number): boolean =>
  start < second && (end === null || end > second - 1);

/** The line to the feed was lost and came back; seen from here, so only while this page was looking. */
export interface Reconnection {
  start: number;
  end: number;
}

/** What is known of a feed, and since when; times of hearing are milliseconds of a monotonic clock. */
export class FeedWatch {
  feed: Feed | null = null;
  /** Those that left no gap; a gap says the same and more. */
  private seen: Reconnection[] = [];
  private heardAt = 0;
  private lostAt: number | null = null;

  /** Whether something has changed that has a place in time: a gap, a reconnection. */
  hear(feed: Feed, at: number): boolean {
    const before = this.feed;
    if (before?.state !== 'reconnecting' && feed.state === 'reconnecting') this.lostAt = feed.edge;
    if (before && feed.reconnects > before.reconnects && feed.edge !== null) {
      this.seen.push({ start: Math.min(this.lostAt ?? feed.edge, feed.edge), end: feed.edge });
      this.lostAt = null;
    }
    this.feed = feed;
    this.heardAt = at;
    return feed.reconnects !== before?.reconnects || JSON.stringify(feed.gaps) !== JSON.stringify(before.gaps);
  }

  clear(): void {
    this.feed = this.lostAt = null;
    this.seen = [];
  }

  get gaps(): readonly FeedGap[] {
    return this.feed?.gaps ?? [];
  }

  get reconnections(): readonly Reconnection[] {
    const hidden = ({ start, end }: Reconnection, gap: FeedGap) =>
      gap.start < end + 1 && (gap.end === null || gap.end > start - 1);
    return this.seen.filter((seen) => !this.gaps.some((gap) => hidden(seen, gap)));
  }

  /** Seconds since the server spoke of it. */
  silence(at: number): number {
    return (at - this.heardAt) / 1000;
  }

  /** Seconds since the newest record came, pings and words of the server apart; null: none came yet. */
  dataAge(at: number): number | null {
    const age = this.feed?.lastRecordAge ?? null;
    return age === null ? null : age + this.silence(at);
  }

  /** Seconds an instrument has been without data, if that is longer than the limit; null: it is not stale. */
  staleness(symbol: string, at: number): number | null {
    const told = this.feed?.stale.find((entry) => entry.symbol === symbol);
    const age = told ? told.age + this.silence(at) : this.dataAge(at);
    return age !== null && age >= STALE_SECONDS ? age : null;
  }
}
