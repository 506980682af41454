// The picture: canvas, axes, crosshair, readings and small series over one camera. Draws at most once a frame, and of that
// only what was asked for: a moved pointer does not redraw the grid.

import { sourceOf } from '../field_source';
import { LAYERS } from '../layers/list';
import { Camera } from '../model/camera';
import { spacingOf } from '../model/price_axis';
import { isBucketed } from '../model/prices';
import { fixedScale, type Scale, type ScaleKind } from '../model/scale';
import type { StrikeRing } from '../model/strike_ring';
import { timeStep } from '../model/time_axis';
import type { ShownName } from '../model/url_state';
import type { Playback } from '../playback';
import { ScaleInForce } from '../views/scale_in_force';
import { Scene, type SceneState } from '../views/scene';
import type { StripStyle } from '../views/series_strip';
import type { CatalogSession } from '../wire/catalog';
import { PriceAxis, TimeAxis } from './axes';
import { Crosshair } from './crosshair';
import type { Dock } from './dock';
import { element, setText } from './element';
import { ForecastMargin } from './forecast_margin';
import { GapMarks } from './gap_marks';
import { GexLabels } from './gex_labels';
import { GexProfilePanel } from './gex_profile_panel';
import { Hud } from './hud';
import { Notice } from './notice';
import { PictureLegend } from './picture_legend';
import { RangePanel } from './range_panel';
import type { SeriesPanel } from './series_panel';

/** What is shown, where there is any of it, and how. */
export interface PictureLook extends Record<ShownName, boolean> {
  layer: number;
  safe: boolean;
  light: boolean;
  scale: ScaleKind;
}

export interface FrameTimes {
  draw: number[];
}

const KEPT_TIMES = 240;
const A_DAY = 86_400;
/** Left and right of the legend at the lower left. */
const LEGEND_EDGES = 12;
const NO_LINES = { major: 0, minor: 0, micro: 0 };
const SERIES_STYLE: Record<'dark' | 'light', StripStyle> = {
  dark: { bar: '#4d7f99', up: '#5fd0a0', down: '#ff8a5c', zero: '#2a2a36', ground: '#0a0a0f', now: '#2a4a55' },
  light: { bar: '#5f93ad', up: '#137a4e', down: '#b3400e', zero: '#c9c9c3', ground: '#f7f7f4', now: '#9fc3d0' },
};
const SAFE_LINES = { dark: { up: '#6cb8ff', down: '#ffb000' }, light: { up: '#1f5fae', down: '#a85c00' } };

export class Picture {
  readonly node: HTMLElement;
  readonly camera = new Camera();
  readonly crosshair = new Crosshair();
  readonly range = new RangePanel();
  readonly notice = new Notice('notice');
  readonly remark = new Notice('remark');
  readonly priceAxis = new PriceAxis();
  readonly timeAxis = new TimeAxis();
  readonly scene: Scene;
  readonly surface = element('div', {
    class: 'surface',
    role: 'img',
    'aria-label': 'Liquidity by price and time',
    tabindex: '0',
  });
  readonly times: FrameTimes = { draw: [] };
  readonly look: PictureLook = {
    layer: 0,
    safe: false,
    light: false,
    scale: 'fixed',
    options: true,
    forecast: true,
    gex: true,
    bands: false,
    radar: false,
  };
  readonly scaleInForce = new ScaleInForce();
  /** As last drawn. */
  scale: Scale = fixedScale(LAYERS[0].legend);
  private measureTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly hud = new Hud();
  private readonly legend = new PictureLegend();
  private readonly margin = new ForecastMargin(() => this.invalidate());
  private readonly gexLabels = new GexLabels();
  readonly gapMarks = new GapMarks();
  readonly gexProfile = new GexProfilePanel(() => this.invalidate());
  /** Why there is nothing of the field shown. */
  private readonly absence = new Notice('absence');
  private readonly loading = element('div', { class: 'loading faint num', role: 'status' });
  private readonly canvas = element('canvas', { class: 'grid' });
  private level: 'none' | 'cursor' | 'full' = 'none';
  private size = { width: 1, height: 1 };
  private dpr = 1;
  private placed = false;

  constructor(
    private readonly playback: Playback,
    private readonly series: SeriesPanel,
    private readonly dock: Dock,
    /** After a full draw: the camera may have moved. */
    private readonly drawn: () => void,
  ) {
    const surfaces = { rings: playback.feed.rings, lattice: playback.gexLattice };
    this.scene = new Scene(this.canvas, playback.ring, surfaces, () => this.invalidate());
    const over = element('div', { class: 'over' }, this.hud.node, this.crosshair.table, this.range.node);
    this.surface.append(
      this.canvas,
      this.gapMarks.node,
      this.margin.walls,
      this.margin.node,
      this.gexLabels.node,
      this.loading,
      this.legend.node,
      this.range.rectangle,
      this.crosshair.node,
      over,
      this.absence.node,
      this.remark.node,
      this.notice.node,
    );
    this.node = element('main', { class: 'picture' }, this.surface, this.gexProfile.node);
    this.node.append(this.priceAxis.node, this.timeAxis.node);
    new ResizeObserver(() => this.resized()).observe(this.surface);
    window.addEventListener('resize', () => this.resized());
  }

  invalidate(level: 'cursor' | 'full' = 'full'): void {
    if (this.level === 'none') requestAnimationFrame(() => this.frame());
    if (this.level !== 'full') this.level = level;
  }

  /** A new session: the next spot decides where the picture looks, unless it is placed before. */
  reset(session: CatalogSession, strikes: StrikeRing | null): void {
    // When a live session began may be told after its first window came.
    this.scene.reset(session.first - (session.live ? A_DAY : 0), session, strikes);
    this.camera.setGrid({ halfWidthTicks: session.halfWidthTicks, bucketed: isBucketed(session) });
    this.scaleInForce.reset();
    this.placed = false;
    this.crosshair.unpin();
    this.range.clear();
  }

  place(centreTick: number, back: number): void {
    this.camera.place(centreTick, back);
    this.placed = true;
  }

  spotMoved(lineTick: number): void {
    if (lineTick === 0) return;
    if (!this.placed) this.camera.follow(lineTick);
    else this.camera.spotMoved(lineTick);
    this.placed = true;
  }

  sceneState(): SceneState {
    const { camera, playback, look } = this;
    this.measureScale();
    return {
      now: playback.now,
      left: camera.left,
      bottom: camera.bottom,
      secondsPerPixel: camera.secondsPerPixel,
      ticksPerPixel: camera.ticksPerPixel,
      layer: look.layer,
      scale: this.scale,
      safe: look.safe,
      light: look.light,
      options: look.options,
      gexLines: look.gex,
      forecast: look.forecast && playback.now !== null ? playback.forecast : null,
      calibration: playback.calibration,
      lineScale: 1 / camera.startZoom,
      spacing: playback.session ? spacingOf(playback.session.tickInt) : NO_LINES,
      timeStep: timeStep(camera.secondsPerPixel),
      nowAlpha: playback.connection === 'connected' ? 1 : 0.25,
    };
  }

  /** Draws at once, outside the frame: for a picture to keep and for tests that read pixels. */
  drawNow(): void {
    this.scene.draw(this.sceneState(), this.dpr);
  }

  /** Place of a cell's middle in CSS pixels of the surface; null before the first window. */
  cellAt(second: number, tick: number): { x: number; y: number } | null {
    if (this.playback.now === null) return null;
    return { x: this.camera.pixelOfX(second - this.playback.now - 0.5), y: this.camera.pixelOfTick(tick) };
  }

  /** Colours at points in CSS pixels, all of one drawing. */
  pixelsAt(points: readonly { x: number; y: number }[]): [number, number, number][] {
    this.drawNow();
    return points.map(({ x, y }) => this.scene.readPixel(Math.floor(x * this.dpr), Math.floor(y * this.dpr)));
  }

  get pixelRatio(): number {
    return this.dpr;
  }

  get gridCanvas(): HTMLCanvasElement {
    return this.canvas;
  }

  private frame(): void {
    const level = this.level;
    this.level = 'none';
    if (level === 'full') {
      const began = performance.now();
      const more = this.camera.glide();
      this.drawAll();
      this.times.draw.push(performance.now() - began);
      if (this.times.draw.length > KEPT_TIMES) this.times.draw.shift();
      this.drawn();
      if (more) this.invalidate();
    }
    this.crosshair.update(this.playback, this.camera, this.size);
  }

  /** A picture drawn with a scale measured a moment ago is drawn once more when it may be measured anew. */
  private measureScale(): void {
    const { camera, playback, look } = this;
    const { left, right, bottom, top } = camera;
    const part = playback.now === null ? null : { now: playback.now, left, right, bottom, top };
    const layer = LAYERS[look.layer];
    const { scale, wait } = this.scaleInForce.update(layer, look.scale, sourceOf(playback, layer), part);
    this.scale = scale;
    if (wait === 0 || this.measureTimer !== undefined) return;
    this.measureTimer = setTimeout(() => {
      this.measureTimer = undefined;
      this.invalidate();
    }, wait);
  }

  private drawAll(): void {
    const { camera, playback, size } = this;
    const state = this.sceneState();
    this.scene.draw(state, this.dpr);
    const line = playback.now === null ? 0 : playback.lineTick(playback.now);
    if (playback.session) this.priceAxis.update(camera, size.height, playback.session, line);
    if (playback.now !== null) this.timeAxis.update(camera, size.width, playback.now, state.timeStep);
    this.hud.update(playback, camera, this.look.forecast);
    this.range.place(camera, playback.now);
    this.series.update(playback, camera, this.dpr, this.seriesStyle());
    this.margin.update(playback, camera, size, this.look.forecast, this.look);
    this.drawSurfaces();
    this.nameLevels();
    this.crosshair.shown = this.look;
    setText(this.loading, playback.loading > 0 ? `loading ${playback.loading} s of the past` : '');
    this.surface.setAttribute('aria-label', `${LAYERS[this.look.layer].name} by price and time`);
  }

  /** What is sent only while it is looked at: the rest of its past is asked for as the picture moves. */
  private drawSurfaces(): void {
    const { camera, playback, size, look, dpr } = this;
    playback.feed.move(camera.left, camera.right);
    const { surface } = LAYERS[look.layer];
    const why = surface === 'velocity' || playback.now === null ? '' : playback.feed.whyNone(surface, playback.now);
    this.absence.show(why && playback.feed.at(surface as 'vacuum', playback.now ?? 0) ? '' : why);
    this.gexProfile.update(playback, camera, size.height, dpr, look);
    this.dock.update(playback, look, dpr);
  }

  /** Words over the picture make room for each other: those of the forecast stay, names of levels avoid them, and so on down. */
  private nameLevels(): void {
    const { camera, playback, size, look } = this;
    const words = this.margin.words(size.height);
    if (playback.now !== null) this.gapMarks.update(playback.source, camera, size, playback.now, words);
    const names = this.gexLabels.update(playback, camera, size, look.gex, words);
    const taken = words ? [words, ...names] : names;
    this.margin.nameWalls(playback, camera, size, taken);
    this.legend.show(playback.session, look, Math.min(size.width, ...taken.map(({ left }) => left)) - LEGEND_EDGES);
  }

  private seriesStyle(): StripStyle {
    const theme = this.look.light ? 'light' : 'dark';
    return this.look.safe ? { ...SERIES_STYLE[theme], ...SAFE_LINES[theme] } : SERIES_STYLE[theme];
  }

  private resized(): void {
    this.dpr = window.devicePixelRatio || 1;
    this.size = { width: this.surface.clientWidth, height: this.surface.clientHeight };
    this.camera.resize(this.size.width, this.size.height);
    this.scene.resize(this.size.width, this.size.height, this.dpr);
    // Setting a canvas's size empties it: draw before the browser paints.
    if (this.playback.now !== null) this.drawNow();
    this.invalidate();
  }
}
