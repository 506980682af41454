// Names of the gamma levels at the right edge of the picture, each on its line; one that is out of sight says where it is.
import type { Camera } from '../model/camera';
import type { Playback } from '../playback';
import { type Box, widthOf } from './boxes';
import { element, setText } from './element';
import { type LevelName, levelNames } from './gex_words';

/** Height of a name, in CSS pixels: two are never nearer to each other. */
const ROW = 17;
/** Of a name: from the right edge, and around its letters. */
const EDGE = 2;
const AROUND = 10;
const MEANS: Record<LevelName['kind'], string> = {
  flip: 'Price at which calls less puts would be 0: above and below it dealers trade differently',
  call: 'Strike with the most gamma exposure of calls',
  put: 'Strike with the most gamma exposure of puts',
};

/** Middles of names that want to be at `wanted`, ascending: moved apart, and all within the picture. */
export function apart(wanted: readonly number[], height: number): number[] {
  const placed: number[] = [];
  for (const y of wanted) placed.push(Math.max(y, placed.length > 0 ? placed[placed.length - 1] + ROW : ROW / 2));
  let most = height - ROW / 2;
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.min(placed[i], most);
    most = placed[i] - ROW;
  }
  return placed;
}

export class GexLabels {
  readonly node = element('div', { class: 'gex-labels', 'aria-hidden': 'true' });
  private readonly labels = { call: this.label('call'), flip: this.label('flip'), put: this.label('put') };

  /**
   * Returns where the names stand. Where they would stand over the words of the forecast they stand above them, with the arrow
   * of those that are out of sight.
   */
  update(
    { feed, now, session }: Playback,
    camera: Camera,
    { width, height }: { width: number; height: number },
    shown: boolean,
    words: Box | null,
  ): Box[] {
    const levels = shown && now !== null ? feed.at('gex_levels', now) : null;
    const names = levels?.valid && session ? levelNames(levels) : [];
    for (const label of Object.values(this.labels)) label.hidden = true;
    if (!session) return [];
    const wanted = names
      .map((name) => ({ ...name, y: camera.pixelOfTick(name.priceInt / session.tickInt) }))
      .sort((a, b) => a.y - b.y);
    const left = width - EDGE - AROUND - Math.max(0, ...wanted.map(({ text }) => widthOf(`▼ ${text}`)));
    const lowest = words && left < words.right ? words.top : height;
    const places = apart(
      wanted.map(({ y }) => Math.min(lowest - ROW / 2, Math.max(ROW / 2, y - ROW / 2 - 1))),
      lowest,
    );
    return wanted.map(({ kind, text, y }, i) => {
      const label = this.labels[kind];
      label.hidden = false;
      const away = y < 0 ? '▲ ' : y > lowest ? '▼ ' : '';
      label.dataset.away = String(away !== '');
      setText(label, `${away}${text}`);
      const top = places[i] - ROW / 2;
      label.style.transform = `translateY(${top.toFixed(1)}px)`;
      return { left, right: width - EDGE, top, bottom: top + ROW };
    });
  }

  private label(kind: LevelName['kind']): HTMLElement {
    const made = element('span', { class: 'gex-label num', 'data-kind': kind, title: MEANS[kind] });
    made.hidden = true;
    this.node.append(made);
    return made;
  }
}
