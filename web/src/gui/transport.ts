// The bottom line: play and pause, speed, the session as a scrubber, the clock.
import { isoText, NEW_YORK, secondAt, timeOfDay } from '../model/clock';
import { behindText } from '../model/feed';
import { SPEEDS } from '../model/url_state';
import type { Playback } from '../playback';
import { button, element, setText } from './element';

export interface TransportActions {
  toggle(): void;
  step(seconds: number): void;
  speed(speed: number): void;
  seek(second: number): void;
  follow(): void;
  live(): void;
}

export class Transport {
  readonly node: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly speeds: HTMLButtonElement[];
  private readonly scrubber = element('input', {
    type: 'range',
    step: '1',
    'aria-label': 'Place in the session',
    class: 'scrubber',
  });
  private readonly clock = element('span', { class: 'num clock' });
  private readonly goto = element('input', {
    type: 'text',
    class: 'num goto',
    size: '8',
    placeholder: 'HH:MM:SS',
    'aria-label': 'Go to a time, New York',
    title: 'Go to a time, New York  g',
    spellcheck: 'false',
  });
  private readonly follow: HTMLButtonElement;
  private readonly live: HTMLButtonElement;
  private readonly ends = [element('span', { class: 'num faint' }), element('span', { class: 'num faint' })];
  private range = { first: 0, last: 0 };
  private dragging = false;
  private lastSeek = 0;

  constructor(private readonly actions: TransportActions) {
    this.play = button('❚❚', 'Play or pause  Space', () => actions.toggle(), { class: 'play' });
    this.speeds = SPEEDS.map((speed) =>
      button(`${speed}x`, `Speed ${speed}`, () => actions.speed(speed), {
        'data-speed': String(speed),
        'aria-pressed': 'false',
      }),
    );
    this.follow = button('', 'Follow the spot again  f', () => actions.follow(), { class: 'follow' });
    this.live = button('', 'Live', () => actions.live(), { class: 'live num' });
    const steps = [
      button('◂', 'Step a second back  ←', () => actions.step(-1)),
      button('▸', 'Step a second  →', () => actions.step(1)),
    ];
    this.scrubber.addEventListener('input', () => this.scrub(false));
    this.scrubber.addEventListener('change', () => this.scrub(true));
    this.goto.addEventListener('keydown', (event) => this.gotoKey(event));
    this.goto.addEventListener('input', () => this.goto.removeAttribute('aria-invalid'));
    const place = element('span', { class: 'place' }, this.ends[0], this.scrubber, this.ends[1]);
    const clock = element('span', { class: 'clocks' }, this.clock, element('span', { class: 'faint' }, 'New York'));
    this.node = element('footer', { class: 'transport', 'aria-label': 'Playback' }, this.play, ...steps);
    this.node.append(element('span', { class: 'speeds', role: 'group', 'aria-label': 'Speed' }, ...this.speeds));
    this.node.append(place, this.live, clock, this.goto, this.follow);
  }

  private setRange(first: number, last: number): void {
    if (first === this.range.first && last === this.range.last) return;
    this.range = { first, last };
    this.scrubber.min = String(first);
    this.scrubber.max = String(last);
    this.ends.forEach((node, i) => {
      setText(node, timeOfDay(i === 0 ? first : last, NEW_YORK).slice(0, 5));
    });
  }

  focusGoto(): void {
    this.goto.focus();
    this.goto.select();
  }

  /** `live`: whether there is a live session to go to. */
  update(playback: Playback, following: boolean, live: boolean): void {
    const { session } = playback;
    if (session) this.setRange(session.first, session.last);
    this.showLive(playback, live);
    const { playing, speed, ended } = playback.state;
    const running = playing && !ended;
    setText(this.play, running ? '❚❚' : '▶');
    this.play.setAttribute('aria-label', running ? 'Pause  Space' : 'Play  Space');
    for (const node of this.speeds) node.setAttribute('aria-pressed', String(node.dataset.speed === String(speed)));
    if (playback.now !== null) this.showTime(playback.now);
    setText(this.follow, following ? '● following' : '○ looking around · f returns');
    this.follow.dataset.following = String(following);
  }

  private showLive({ session, state, behind, connection }: Playback, live: boolean): void {
    const here = session?.live === true && !session.over;
    const lit = here && state.live && connection === 'connected';
    const [text, said] = lit
      ? ['● LIVE', 'Live: each second as it closes']
      : !here
        ? ['○ go live', 'To the live session']
        : state.live
          ? ['○ LIVE –', 'Live, interrupted: no connection to the server']
          : [`○ LIVE ${behindText(behind)}`, 'Behind; back to the newest second'];
    this.live.hidden = !here && !live;
    setText(this.live, text);
    this.live.dataset.lit = String(lit);
    this.live.setAttribute('aria-pressed', String(lit));
    this.live.title = `${said}  l`;
    this.live.setAttribute('aria-label', this.live.title);
  }

  private showTime(second: number): void {
    if (!this.dragging) this.scrubber.value = String(second);
    const text = timeOfDay(second, NEW_YORK);
    setText(this.clock, text);
    this.clock.title = `${isoText(second)} (UTC ${timeOfDay(second, 'UTC')}), end of the newest window`;
    this.scrubber.setAttribute('aria-valuetext', `${text} New York`);
  }

  /** While dragging a seek every 120 ms is enough; letting go always seeks. */
  private scrub(done: boolean): void {
    this.dragging = !done;
    const at = performance.now();
    if (!done && at - this.lastSeek < 120) return;
    this.lastSeek = at;
    this.actions.seek(Number(this.scrubber.value));
  }

  private gotoKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.goto.blur();
    if (event.key !== 'Enter') return;
    const second = secondAt(this.goto.value, NEW_YORK, this.range.first, this.range.last);
    if (second === null) {
      this.goto.setAttribute('aria-invalid', 'true');
      this.goto.title = `Not a time of this session (${timeOfDay(this.range.first, NEW_YORK)} to ${timeOfDay(this.range.last, NEW_YORK)} New York)`;
      return;
    }
    this.actions.seek(second);
    this.goto.value = '';
    this.goto.blur();
  }
}
