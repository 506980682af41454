// The crosshair and the small table of what is in the cell under it. A click pins it; `c` copies it as text.
import { layerWords, vacuumAt } from '../field_source';
import { LAYERS, RING_LAYERS } from '../layers/list';
import { options as overlay } from '../layers/options';
import type { Camera } from '../model/camera';
import { isoText, NEW_YORK, timeOfDay } from '../model/clock';
import { gapWords, touches } from '../model/feed';
import { FIELDS, isMissing, SIDE_ASK, SIDE_BID, SIDE_PLANE } from '../model/grid';
import {
  isBucketed,
  nearestPrice,
  pointsText,
  priceOfTick,
  priceText,
  quantityName,
  rowsText,
  strikeText,
} from '../model/prices';
import { INVALID, qualityWords } from '../model/snapshots';
import { strikeNear } from '../model/strikes';
import type { Playback } from '../playback';
import type { CatalogSession } from '../wire/catalog';
import { element, setText } from './element';
import { readForecast, readScores } from './forecast_words';
import { gexReadings } from './gex_words';
import type { Reading } from './reading';

export interface Cell {
  second: number;
  tick: number;
  /** Where in the row, in ticks: a row may gather many prices. */
  height: number;
}

/** What is shown over the field, and so read out. */
export interface Shown {
  options: boolean;
  forecast: boolean;
  gex: boolean;
  layer: number;
}

/** Beside the readings at the top left and left of now there is room for the table from here on, in CSS pixels. */
const TABLE_ROOM = 650;

const RHO = FIELDS.indexOf('rho');

/** Everything the page knows of a cell, as name and text; the table and the copied text both come from here. */
export function readCell(playback: Playback, cell: Cell, shown: Shown): Reading[] {
  const { ring, snapshots, session, now } = playback;
  if (!session || now === null) return [];
  if (cell.second > now) return readFuture(playback, cell, session, shown);
  const spot = ring.spotTick(cell.second);
  const rel = cell.tick - spot;
  const readings: Reading[] = [
    { name: 'Time', text: `${timeOfDay(cell.second, NEW_YORK)} New York` },
    { name: 'UTC', text: isoText(cell.second) },
    { name: 'Price', text: rowPrices(cell.tick, session) },
  ];
  const line = playback.lineTick(cell.second);
  if (isBucketed(session) && line !== 0)
    readings.push({ name: 'Mid', text: `${priceText(priceOfTick(line, session), session)}, the line` });
  if (spot !== 0)
    readings.push({
      name: 'From spot',
      text: rel === 0 ? 'at spot ref' : `${rowsText(Math.abs(rel), session)} ${rel > 0 ? 'above' : 'below'}`,
    });
  const invalid = (snapshots.quality(cell.second) & INVALID) !== 0;
  if (!invalid && ring.has(cell.second)) {
    const side = ring.value(cell.second, cell.tick, SIDE_PLANE);
    const rho = ring.value(cell.second, cell.tick, RHO);
    readings.push({ name: 'Side', text: side === SIDE_ASK ? 'ask' : side === SIDE_BID ? 'bid' : 'outside the grid' });
    const strike = shown.options ? strikeReading(playback, cell, spot) : null;
    if (strike) readings.push(strike);
    readings.push(...readSurfaces(playback, cell, shown));
    const judged = !isBucketed(session);
    for (const layer of RING_LAYERS)
      readings.push({
        name: layer.name,
        text: layerWords(playback, layer, cell.second, cell.tick, judged) ?? 'no value',
      });
    // rho is log(1 + quantity): said as quantity, which is what a reader of a book counts in.
    readings.push({
      name: 'Depth',
      text: isMissing(rho)
        ? 'no value'
        : `${Math.round(Math.expm1(rho))} ${quantityName(session.productType)} (rho ${rho.toFixed(3)})`,
    });
  }
  const scores = shown.forecast ? playback.scoresAt(cell.second) : null;
  if (scores) readings.push(...readScores(scores, session));
  const outside = cell.second < session.first ? 'before the session' : 'not loaded';
  const words =
    ring.has(cell.second) || snapshots.rowOf(cell.second) >= 0 ? qualityWords(snapshots, cell.second) : [outside];
  for (const text of [...words, ...feedWords(playback, cell.second)]) readings.push({ name: 'Data', text });
  return readings;
}

/** What the feed of a live session lacks there. */
function feedWords({ source, session }: Playback, second: number): string[] {
  const gaps = source.gaps
    .filter((gap) => touches(gap, second))
    .map((gap) => `gap in the feed: ${gapWords(gap, session?.last ?? 0)}`);
  const back = source.reconnections.some((seen) => touches(seen, second));
  return back ? [...gaps, 'the feed was lost and came back, nothing missing'] : gaps;
}

/** Of the surfaces that are sent only while they are looked at. */
function readSurfaces(playback: Playback, { second, height }: Cell, shown: Shown): Reading[] {
  const { session, feed } = playback;
  const layer = LAYERS[shown.layer];
  if (!session) return [];
  const readings: Reading[] = [];
  if (layer.surface === 'vacuum' || layer.surface === 'gex') {
    const words = layerWords(playback, layer, second, height, true);
    const price = pointsText(nearestPrice(height, session), session);
    const none = feed.whyNone(layer.surface, second) || (layer.surface === 'gex' ? 'between strikes' : 'no level here');
    const at = layer.surface === 'vacuum' && isBucketed(session) && !isMissing(vacuumAt(playback, second, height));
    readings.push({
      name: layer.name,
      text: words === null ? none.replaceAll('`', '') : `${words}${at ? ` (${price})` : ''}`,
    });
  }
  if (shown.gex)
    readings.push(...gexReadings(feed.at('gex', second), feed.at('gex_levels', second), height * session.tickInt));
  return readings;
}

/** To the right of now: what is expected there. */
function readFuture(playback: Playback, cell: Cell, session: CatalogSession, { forecast }: Shown): Reading[] {
  return [
    { name: 'Time', text: `${timeOfDay(cell.second, NEW_YORK)} New York${forecast ? '' : ', not yet'}` },
    { name: 'Price', text: rowPrices(cell.tick, session) },
    ...(forecast ? readForecast(playback, cell.second) : []),
  ];
}

/** "$480.50", and of a bucket the prices it gathers: "$480.50 (480.25–480.75)". */
function rowPrices(tick: number, session: CatalogSession): string {
  const price = priceText(priceOfTick(tick, session), session);
  const edge = (at: number) => pointsText(priceOfTick(at, session), session);
  return isBucketed(session) ? `${price} (${edge(tick - 0.5)}–${edge(tick + 0.5)})` : price;
}

/** What the options of the nearest strike do. */
function strikeReading(playback: Playback, cell: Cell, spot: number): Reading | null {
  const { session } = playback;
  if (!session?.options || spot === 0) return null;
  const strike = strikeNear(cell.tick, spot, session.options.stepTicks);
  const value = playback.strikeValue(cell.second, strike);
  const at = `at ${strikeText(priceOfTick(strike, session))}`;
  return { name: overlay.name, text: `${at}: ${isMissing(value) ? 'no value' : overlay.words(value)}` };
}

export class Crosshair {
  readonly node = element('div', { class: 'crosshair', 'aria-hidden': 'true' });
  readonly table = element('table', { class: 'readings num', 'aria-label': 'Values in the cell under the crosshair' });
  private readonly vertical = element('i', { class: 'v' });
  private readonly horizontal = element('i', { class: 'h' });
  private readonly priceTag = element('span', { class: 'tag price num' });
  private readonly timeTag = element('span', { class: 'tag time num' });
  private readonly rows: { row: HTMLElement; name: HTMLElement; text: HTMLElement }[] = [];
  private pointer: { x: number; y: number } | null = null;
  private pinned: Cell | null = null;
  shown: Shown = { options: true, forecast: true, gex: true, layer: 0 };

  constructor() {
    this.node.append(this.vertical, this.horizontal, this.priceTag, this.timeTag);
    this.node.hidden = true;
    this.table.hidden = true;
  }

  move(x: number, y: number): void {
    this.pointer = { x, y };
  }

  leave(): void {
    this.pointer = null;
  }

  /** Pins the cell under the pointer, or lets go of the one that is pinned. */
  togglePin(camera: Camera, now: number): void {
    this.pinned = this.pinned ? null : this.under(camera, now);
  }

  unpin(): void {
    this.pinned = null;
  }

  cell(camera: Camera, now: number): Cell | null {
    return this.pinned ?? this.under(camera, now);
  }

  get isPinned(): boolean {
    return this.pinned !== null;
  }

  update(playback: Playback, camera: Camera, size: { width: number; height: number }): void {
    const now = playback.now;
    const cell = now === null ? null : this.cell(camera, now);
    this.node.hidden = this.table.hidden = cell === null;
    if (cell === null || now === null) return;
    const x = this.pinned ? camera.pixelOfX(cell.second - now - 0.5) : (this.pointer?.x ?? 0);
    const y = this.pinned ? camera.pixelOfTick(cell.tick) : (this.pointer?.y ?? 0);
    this.node.dataset.pinned = this.table.dataset.pinned = String(this.isPinned);
    this.vertical.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.horizontal.style.transform = `translateY(${y.toFixed(1)}px)`;
    const height = this.pinned ? cell.tick : camera.tickOfPixel(y);
    const { session } = playback;
    setText(this.priceTag, session ? pointsText(nearestPrice(height, session), session) : '');
    this.priceTag.style.transform = `translateY(${y.toFixed(1)}px)`;
    setText(this.timeTag, timeOfDay(cell.second, NEW_YORK));
    this.timeTag.style.transform = `translateX(${Math.min(size.width - 34, Math.max(34, x)).toFixed(1)}px)`;
    this.place(cell.second > now ? camera.pixelOfX(0) : null, size.width);
    this.fill(readCell(playback, cell, this.shown));
  }

  /** What is read to the right of now must not lie on the forecast it is about: the table goes to the left of now. */
  private place(now: number | null, width: number): void {
    const aside = now !== null && now > TABLE_ROOM;
    this.table.dataset.aside = String(aside);
    if (aside && now !== null) this.table.style.setProperty('--aside', `${(width - now + 8).toFixed(1)}px`);
  }

  private under(camera: Camera, now: number): Cell | null {
    if (!this.pointer) return null;
    // A window covers the second that ends at its stamp.
    const second = now - Math.floor(-camera.xOfPixel(this.pointer.x));
    const height = camera.tickOfPixel(this.pointer.y);
    return { second, tick: Math.floor(height + 0.5), height };
  }

  private fill(readings: Reading[]): void {
    while (this.rows.length < readings.length) {
      const [name, text] = [element('th', { scope: 'row' }), element('td')];
      const row = element('tr', {}, name, text);
      this.rows.push({ row, name, text });
      this.table.append(row);
    }
    this.rows.forEach(({ row, name, text }, i) => {
      row.hidden = i >= readings.length;
      if (row.hidden) return;
      setText(name, readings[i].name);
      setText(text, readings[i].text);
      row.className = readings[i].name === 'Data' ? 'data' : '';
    });
  }
}
