// The radar: each feature with its plain name, its unit, its last 60 seconds and its value now; groups fold, and a word finds.
import type { Look } from '../layers/layer';
import { radar as layer } from '../layers/radar';
import { isMissing } from '../model/grid';
import { RADAR_FEATURES, RADAR_GROUPS, type RadarFeature, type RadarGroup, radarMatches } from '../model/radar';
import type { Playback } from '../playback';
import { PANEL_SECONDS } from '../surface_feed';
import { drawSparkline } from '../views/sparkline';
import { element, setText } from './element';
import { formulaAddress } from './legend';
import { Notice } from './notice';
import { panelHead, panelStyle } from './panel_head';

const APPROACHES: Record<string, string> = {
  approach_up: 'spot came up',
  approach_down: 'spot came down',
  approach_none: 'spot stood',
};
/** Scale at least, by unit: a series that hardly moves is flat, not noise. */
const LEAST_SCALE: Record<string, readonly [number, number]> = { ln: [-0.1, 0.1], share: [0, 0], ticks: [0, 2] };

interface Row {
  feature: RadarFeature;
  node: HTMLElement;
  canvas: HTMLCanvasElement;
  value: HTMLElement;
}

const valueText = (value: number, unit: string): string => {
  if (isMissing(value)) return '–';
  const size = Math.abs(value).toFixed(unit === 'ticks' ? 0 : 3);
  return `${value < 0 && Number(size) !== 0 ? '−' : ''}${size}`;
};

export class RadarPanel {
  readonly node = element('section', { class: 'panel radar', 'aria-label': 'Radar' });
  private readonly search = element('input', {
    type: 'text',
    class: 'search',
    placeholder: 'find',
    'aria-label': 'Find a feature of the radar',
    spellcheck: 'false',
  });
  private readonly approach = element('span', { class: 'approach', role: 'status' });
  private readonly none = new Notice('none');
  private readonly body = element('div', { class: 'body' });
  private readonly rows: Row[];
  private readonly groups = new Map<RadarGroup, HTMLElement>();
  /** Rows in sight: the others are not drawn. */
  private readonly seen = new Set<Element>();
  private drawn = '';

  constructor(
    close: () => void,
    folded: readonly string[],
    private readonly changed: (folded: string[]) => void,
  ) {
    this.rows = RADAR_FEATURES.map((feature) => this.row(feature));
    for (const [group, name] of RADAR_GROUPS) this.body.append(this.group(group, name, folded.includes(group)));
    this.node.append(panelHead(layer, close, this.approach, this.search), this.none.node, this.body);
    this.search.addEventListener('input', () => this.find());
    this.search.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Escape') return;
      this.search.value = '';
      this.find();
      this.search.blur();
    });
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.seen.add(target);
        else this.seen.delete(target);
      }
      this.drawn = '';
      this.redraw();
    });
    for (const { node } of this.rows) observer.observe(node);
  }

  private redraw: () => void = () => {};

  update(playback: Playback, look: Look, dpr: number): void {
    const { feed, now } = playback;
    if (now === null) return;
    this.redraw = () => this.update(playback, look, dpr);
    const row = feed.at('radar', now);
    const none = feed.whyNone('radar', now);
    this.none.show(none);
    this.body.hidden = row === null && none !== '';
    setText(this.approach, row?.valid ? (APPROACHES[row.approach] ?? '') : '');
    this.node.dataset.invalid = String(row !== null && !row.valid);
    // A picture that moves does not change a series: they are drawn once a second.
    const kept = feed.rings.radar.has(now - PANEL_SECONDS + 1);
    const state = [now, row !== null, kept, look.light, dpr, this.body.clientWidth].join();
    if (state === this.drawn) return;
    this.drawn = state;
    const place = new Map(RADAR_FEATURES.map((feature, i) => [feature, i]));
    for (const { feature, node, canvas, value } of this.rows) {
      const i = place.get(feature) ?? 0;
      setText(value, row?.valid ? valueText(row.values[i], feature.unit) : '–');
      if (!this.seen.has(node)) continue;
      const at = (second: number) => {
        const found = feed.at('radar', second);
        return found?.valid && !isMissing(found.values[i]) ? found.values[i] : null;
      };
      const [least, most] = LEAST_SCALE[feature.unit] ?? [0, 1];
      const untrusted = (second: number) => feed.at('radar', second)?.valid === false;
      drawSparkline(canvas, { now, seconds: PANEL_SECONDS, value: at, least, most, untrusted }, panelStyle(look), dpr);
    }
  }

  private find(): void {
    const wanted = this.search.value.trim();
    this.node.dataset.searching = String(wanted !== '');
    for (const { feature, node } of this.rows) node.hidden = wanted !== '' && !radarMatches(feature, wanted);
    for (const group of this.groups.values())
      group.hidden = [...group.querySelectorAll<HTMLElement>('.feature')].every(({ hidden }) => hidden);
  }

  private row(feature: RadarFeature): Row {
    const canvas = element('canvas', { 'aria-hidden': 'true' });
    const value = element('span', { class: 'num value' });
    const href = formulaAddress({ surface: 'radar', field: feature.name });
    const name = element('a', { class: 'name', href, target: '_blank', rel: 'noopener' }, feature.plain);
    const unit = element('span', { class: 'unit' }, feature.unit);
    const title = `${feature.plain}: ${feature.meaning}\n${feature.name}, ${feature.unit}`;
    const node = element('div', { class: 'feature', 'data-feature': feature.name, title }, name, unit, canvas, value);
    return { feature, node, canvas, value };
  }

  private group(group: RadarGroup, name: string, folded: boolean): HTMLElement {
    const rows = this.rows.filter(({ feature }) => feature.group === group).map(({ node }) => node);
    const fold = element('button', { type: 'button', class: 'fold', 'aria-expanded': String(!folded) }, `${name} `);
    fold.append(element('span', { class: 'unit num' }, String(rows.length)));
    const node = element('div', { class: 'group', 'data-group': group, 'data-folded': String(folded) }, fold, ...rows);
    fold.addEventListener('click', () => {
      node.dataset.folded = String(node.dataset.folded !== 'true');
      fold.setAttribute('aria-expanded', String(node.dataset.folded !== 'true'));
      this.changed([...this.groups].filter(([, { dataset }]) => dataset.folded === 'true').map(([id]) => id));
    });
    this.groups.set(group, node);
    return node;
  }
}
