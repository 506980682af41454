// Names of the gamma levels at the right edge of the picture, each on its line; one that is out of sight says where it is.
import type { Camera } from '../model/camera';
import type { Playback } from '../playback';
import { element, setText } from './element';
import { type LevelName, levelNames } from './gex_words';

/** Height of a name, in CSS pixels: two are never nearer to each other. */
const ROW = 17;
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

  update({ feed, now, session }: Playback, camera: Camera, height: number, shown: boolean): void {
    const levels = shown && now !== null ? feed.at('gex_levels', now) : null;
    const names = levels?.valid && session ? levelNames(levels) : [];
    for (const label of Object.values(this.labels)) label.hidden = true;
    if (!session) return;
    const wanted = names
      .map((name) => ({ ...name, y: camera.pixelOfTick(name.priceInt / session.tickInt) }))
      .sort((a, b) => a.y - b.y);
    const places = apart(
      wanted.map(({ y }) => Math.min(height - ROW / 2, Math.max(ROW / 2, y - ROW / 2 - 1))),
      height,
    );
    wanted.forEach(({ kind, text, y }, i) => {
      const label = this.labels[kind];
      label.hidden = false;
      const away = y < 0 ? '▲ ' : y > height ? '▼ ' : '';
      label.dataset.away = String(away !== '');
      setText(label, `${away}${text}`);
      label.style.transform = `translateY(${(places[i] - ROW / 2).toFixed(1)}px)`;
    });
  }

  private label(kind: LevelName['kind']): HTMLElement {
    const made = element('span', { class: 'gex-label num', 'data-kind': kind, title: MEANS[kind] });
    made.hidden = true;
    this.node.append(made);
    return made;
  }
}
