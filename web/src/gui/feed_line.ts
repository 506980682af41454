// The line of a live session that is always there: what the feed does, how old its data are, how often it was lost, where it has gaps.
// What this page does not hear it does not claim to know: a lost server is said in other words than a lost feed.
import {
  ANOTHER_DAY_MS,
  FEED_WORDS,
  type Feed,
  type FeedGap,
  HIGH_LAG_MS,
  lagText,
  spanText,
  type Tone,
  UNHEARD_SECONDS,
} from '../model/feed';
import type { Playback } from '../playback';
import { element, setText } from './element';
import { GapList } from './gap_list';

interface State {
  icon: string;
  word: string;
  tone: Tone;
  sentence: string;
}

const CONNECTING: State = {
  icon: '◌',
  word: 'no word yet',
  tone: 'busy',
  sentence: 'Nothing was heard of the feed yet',
};

/** How many symbols without data are named on hover. */
const NAMED = 20;

/** What can be said of the feed: what the server says, unless it says nothing. */
export function feedState({ connection, source, detail }: Playback, at: number): State {
  const { feed } = source;
  const since = spanText(source.silence(at));
  if (connection !== 'connected') {
    const unknown = feed ? `; last word ${since} ago` : '';
    const why = detail ? ` (${detail})` : '';
    const sentence = `No connection to the server${why}: what the feed does is not known${unknown}`;
    return { icon: '✕', word: 'server lost', tone: 'bad', sentence };
  }
  if (!feed) return CONNECTING;
  if (source.silence(at) >= UNHEARD_SECONDS && feed.state !== 'ended')
    return {
      icon: '?',
      word: 'no word',
      tone: 'bad',
      sentence: `The server has said nothing of the feed for ${since}`,
    };
  const words = FEED_WORDS[feed.state];
  return { ...words, sentence: feed.detail || words.sentence };
}

export class FeedLine {
  readonly node = element('div', { class: 'feed-line', role: 'group', 'aria-label': 'State of the feed' });
  private readonly icon = element('span', { class: 'icon', 'aria-hidden': 'true' });
  private readonly word = element('span', { class: 'feed-word' });
  private readonly state = element('span', { class: 'feed-state', role: 'status' }, this.icon, this.word);
  private readonly dataset = element('span', { class: 'faint' });
  private readonly lag = element('span', {
    class: 'num lag',
    title: 'From the venue’s time of a record to its arrival',
  });
  private readonly age = element('span', {
    class: 'num age',
    title: 'Since the newest record came; pings do not count',
  });
  private readonly stale = element('span', { class: 'stale-badge', role: 'status' });
  private readonly reconnects = element('span', {
    class: 'num reconnects',
    title: 'Times the feed was lost and came back',
  });
  private readonly sentence = element('span', { class: 'sentence' });
  private readonly gaps: GapList;

  constructor(go: (gap: FeedGap) => void) {
    this.gaps = new GapList(go);
    this.node.append(this.state, this.dataset, this.lag, this.age, this.stale, this.reconnects);
    this.node.append(this.gaps.button, this.sentence, this.gaps.node);
    this.node.hidden = true;
  }

  update(playback: Playback, at: number): void {
    const { session, source, connection } = playback;
    this.node.hidden = !session?.live;
    if (!session?.live) return;
    const { icon, word, tone, sentence } = feedState(playback, at);
    const known = connection === 'connected' && word !== 'no word';
    this.node.dataset.server = connection === 'connected' ? 'here' : 'lost';
    this.state.dataset.tone = tone;
    setText(this.icon, icon);
    setText(this.word, word);
    setText(this.sentence, sentence);
    this.sentence.title = sentence;
    setText(this.dataset, source.feed?.dataset ?? '');
    this.numbers(known ? source.feed : null, known ? source.dataAge(at) : null);
    this.badge(playback, known, at);
    const { reconnects = 0 } = source.feed ?? {};
    setText(this.reconnects, `${reconnects} reconnect${reconnects === 1 ? '' : 's'}`);
    this.reconnects.dataset.any = String(reconnects > 0);
    this.gaps.update(source.gaps, session.last);
  }

  private numbers(feed: Feed | null, age: number | null): void {
    const lag = feed?.lagMs ?? null;
    const past = lag !== null && lag >= ANOTHER_DAY_MS;
    setText(this.lag, past ? lagText(lag) : `lag ${lag === null ? '–' : lagText(lag)}`);
    this.lag.dataset.bad = String(lag !== null && lag >= HIGH_LAG_MS && !past);
    setText(this.age, `newest record ${age === null ? '–' : `${spanText(age)} ago`}`);
  }

  /** Of the instrument looked at, by what of it arrives; others without data are counted. */
  private badge({ session, source }: Playback, known: boolean, at: number): void {
    const symbol = session?.symbol ?? '';
    const over = source.feed?.state === 'ended';
    const age = known && !over ? source.staleness(symbol, at) : null;
    const others = known && !over ? (source.feed?.stale ?? []).filter((entry) => entry.symbol !== symbol) : [];
    const more = others.length === 0 ? '' : `${others.length} other${others.length === 1 ? '' : 's'} without data`;
    const own = age === null ? '' : `⚠ ${symbol} stale: no data for ${spanText(age)}`;
    setText(this.stale, [own, more].filter(Boolean).join(' · '));
    this.stale.dataset.stale = String(age !== null);
    this.stale.hidden = !own && !more;
    const named = others.slice(0, NAMED).map((entry) => `${entry.symbol}: ${spanText(entry.age)}`);
    this.stale.title = named.concat(others.length > NAMED ? ['…'] : []).join('\n');
  }
}
