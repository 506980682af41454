// The canvas: ring textures, the grid pass with what lies over the field, the spot line, and the forecast. Draws when asked; knows
// nothing of pointers or sockets.
import { LAYERS, planeOf } from '../layers/list';
import type { Calibration } from '../model/calibration';
import type { Forecast } from '../model/forecast';
import type { GexLattice } from '../model/gex_lattice';
import { COLUMN_SIZE, RING_COLUMNS } from '../model/grid';
import { type AxisSpacing, levelsShown } from '../model/price_axis';
import type { PriceSteps } from '../model/prices';
import type { ColumnRing } from '../model/ring';
import type { Scale } from '../model/scale';
import type { StrikeRing } from '../model/strike_ring';
import { strikeOf } from '../model/strikes';
import type { SurfaceName } from '../model/surfaces';
import { type GlProgram, link } from './gl_program';
import { FULL_SCREEN_VERTEX, GRID_FRAGMENT } from './grid_shader';
import { DARK, type Ground, LIGHT, MARKS, rgb } from './ground';
import { LatticeTexture } from './lattice_texture';
import { PathView } from './path_view';
import { FACTS, NONE, RingTexture } from './ring_texture';
import { CORE_OFFSETS, GLOW, SPOT_FRAGMENT, SPOT_VERTEX } from './spot_shader';
import { SOURCES } from './surface_shader';
import { type DrawnRings, isDrawn, SurfaceTextures } from './surface_textures';

export interface SceneState {
  /** Newest second shown; null before the first window. */
  now: number | null;
  /** Edges of the picture: seconds from now, absolute ticks. */
  left: number;
  bottom: number;
  secondsPerPixel: number;
  ticksPerPixel: number;
  layer: number;
  scale: Scale;
  safe: boolean;
  light: boolean;
  options: boolean;
  /** Whether the levels of gamma exposure cross the picture. */
  gexLines: boolean;
  /** Of now; null: none is shown. */
  forecast: Forecast | null;
  /** By what calibration it was made: what its confidence is among others; null: none. */
  calibration: Pick<Calibration, 'tenths'> | null;
  /** Width of the spot line and its glow: specified in ticks, 1 where a tick is no bucket. */
  lineScale: number;
  spacing: AxisSpacing;
  timeStep: number;
  /** 1 while connected; the now edge fades when the line is lost. */
  nowAlpha: number;
}

/** What a column is drawn with; a tick of 0 is none. */
export interface ColumnFacts {
  spotTick: number;
  /** Height of the spot line. */
  lineTick: number;
  quality: number;
}

export class Scene {
  private readonly gl: WebGL2RenderingContext;
  private readonly ring: ColumnRing;
  private grid!: GlProgram;
  private spot!: GlProgram;
  private texture!: RingTexture;
  private strikes!: LatticeTexture;
  private surfaces!: SurfaceTextures;
  private path!: PathView;
  private readonly facts = new Float32Array(RING_COLUMNS * FACTS).fill(NONE);
  /** Subtracted before numbers become 32-bit floats, so that a tick or a second stays exact. */
  private baseTick = 0;
  private baseSecond = 0;
  private strikeRing: StrikeRing | null = null;
  private steps: PriceSteps | null = null;
  private readonly plane = LAYERS.map(planeOf);

  constructor(
    readonly canvas: HTMLCanvasElement,
    ring: ColumnRing,
    private readonly surfaceRings: { rings: DrawnRings; lattice: GexLattice },
    private readonly restored: () => void,
  ) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, stencil: false });
    if (!gl) throw new Error('This browser has no WebGL2, which the picture is drawn with.');
    this.gl = gl;
    this.ring = ring;
    this.build();
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => this.rebuild());
  }

  /** A new session: forget every column. */
  reset(baseSecond: number, steps: PriceSteps, strikes: StrikeRing | null): void {
    this.baseTick = 0;
    this.baseSecond = baseSecond;
    this.facts.fill(NONE);
    this.texture.clear();
    this.strikeRing = strikes;
    this.strikes.delete();
    this.strikes = new LatticeTexture(this.gl, strikes?.rows ?? 1);
    this.steps = steps;
    this.surfaces.reset(steps, baseSecond);
  }

  /** One second: one column of the fields, one of the options, and its facts. */
  setColumn(second: number, cells: Float32Array, facts: ColumnFacts): void {
    const slot = this.ring.slotOf(second);
    this.texture.uploadColumn(slot, cells);
    this.setFacts(second, facts);
    this.uploadStrikes(slot);
  }

  /** A second of a surface that is sent only while it is looked at. */
  setSurface(surface: SurfaceName, second: number): void {
    if (isDrawn(surface)) this.surfaces.upload(surface, this.ring.slotOf(second));
  }

  setFacts(second: number, { spotTick, lineTick, quality }: ColumnFacts): void {
    const slot = this.ring.slotOf(second);
    if (this.baseTick === 0) {
      this.baseTick = spotTick || Math.round(lineTick);
      this.surfaces.setBase(this.baseTick);
    }
    const facts = this.facts.subarray(slot * FACTS, slot * FACTS + FACTS);
    facts[0] = spotTick === 0 ? NONE : spotTick - this.baseTick;
    facts[1] = quality;
    facts[2] = second - this.baseSecond;
    facts[3] = lineTick === 0 ? NONE : lineTick - this.baseTick;
    this.texture.uploadFacts(slot, facts);
  }

  resize(cssWidth: number, cssHeight: number, dpr: number): void {
    const [width, height] = [Math.max(1, Math.round(cssWidth * dpr)), Math.max(1, Math.round(cssHeight * dpr))];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  draw(state: SceneState, dpr: number): void {
    const { gl, canvas } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.disable(gl.BLEND);
    this.texture.bind();
    this.strikes.bind(2);
    const ground = state.light ? LIGHT : DARK;
    this.drawGrid(state, ground, dpr);
    if (state.now !== null) this.drawSpot(state, ground, dpr);
    if (state.forecast?.path) this.drawForecast(state, state.forecast.path.spotTick, dpr);
  }

  /** Colour of a device pixel as last drawn, rows from the top. Must be called right after draw. */
  readPixel(x: number, y: number): [number, number, number] {
    const out = new Uint8Array(4);
    this.gl.readPixels(x, this.canvas.height - 1 - y, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, out);
    return [out[0], out[1], out[2]];
  }

  private build(): void {
    this.grid = link(this.gl, FULL_SCREEN_VERTEX, GRID_FRAGMENT);
    this.spot = link(this.gl, SPOT_VERTEX, SPOT_FRAGMENT);
    this.texture = new RingTexture(this.gl);
    this.strikes = new LatticeTexture(this.gl, this.strikeRing?.rows ?? 1);
    this.surfaces = new SurfaceTextures(this.gl, this.surfaceRings.rings, this.surfaceRings.lattice);
    this.path = new PathView(this.gl);
  }

  /** After a lost graphics context: everything is still in the ring. */
  private rebuild(): void {
    this.build();
    for (let slot = 0; slot < RING_COLUMNS; slot++) {
      const second = this.facts[slot * FACTS + 2];
      const column = second >= 0 ? this.ring.column(this.baseSecond + second) : null;
      if (column && column.length === COLUMN_SIZE) this.texture.uploadColumn(slot, column);
      this.uploadStrikes(slot);
    }
    this.texture.uploadAllFacts(this.facts);
    if (this.steps) this.surfaces.reset(this.steps, this.baseSecond);
    this.surfaces.setBase(this.baseTick);
    this.restored();
  }

  private uploadStrikes(slot: number): void {
    const { strikeRing: ring } = this;
    const found = ring?.inSlot(slot);
    const column = found ? { ...found, middle: found.spotTick } : null;
    if (ring) this.strikes.upload(slot, column, this.baseTick, this.baseSecond);
  }

  private setView(program: GlProgram, state: SceneState, dpr: number): void {
    const { gl } = this;
    gl.useProgram(program.program);
    const now = state.now ?? this.baseSecond;
    gl.uniform1i(program.at('u_facts'), 1);
    gl.uniform1i(program.at('u_now'), now - this.baseSecond);
    gl.uniform1i(program.at('u_now_slot'), this.ring.slotOf(now));
    gl.uniform2f(program.at('u_origin'), state.left, state.bottom - this.baseTick);
    gl.uniform2f(program.at('u_per_pixel'), state.secondsPerPixel / dpr, state.ticksPerPixel / dpr);
    gl.uniform1f(program.at('u_dpr'), dpr);
  }

  private drawGrid(state: SceneState, ground: Ground, dpr: number): void {
    const { gl, grid } = this;
    this.setView(grid, state, dpr);
    gl.uniform1i(grid.at('u_fields'), 0);
    gl.uniform1i(grid.at('u_any'), state.now === null ? 0 : 1);
    this.setStrikes(state.options);
    gl.uniform1i(grid.at('u_layer'), state.layer);
    this.setSource(state);
    const { gain, offset, least, most } = state.scale;
    gl.uniform4f(grid.at('u_scale'), gain, offset, least, most);
    gl.uniform1i(grid.at('u_safe'), state.safe ? 1 : 0);
    gl.uniform1i(grid.at('u_light'), state.light ? 1 : 0);
    const shown = levelsShown(this.canvas.height * (state.ticksPerPixel / dpr));
    const spacing = (level: 'major' | 'minor' | 'micro') => (shown.includes(level) ? state.spacing[level] : 0);
    gl.uniform3i(grid.at('u_spacing'), spacing('major'), spacing('minor'), spacing('micro'));
    gl.uniform1i(grid.at('u_base_tick'), this.baseTick);
    gl.uniform2f(grid.at('u_time_lines'), state.timeStep, (state.now ?? 0) % state.timeStep);
    const colours = {
      u_background: ground.background,
      u_margin: ground.margin,
      u_major: ground.lines.major,
      u_minor: ground.lines.minor,
      u_micro: ground.lines.micro,
      u_hatch: ground.hatch,
      u_now_colour: ground.now,
      u_epoch: ground.epoch,
      u_crossed: rgb(MARKS.crossed),
      u_late: rgb(MARKS.late),
      u_anomaly: rgb(MARKS.anomaly),
    };
    for (const [name, [r, g, b]] of Object.entries(colours)) gl.uniform3f(grid.at(name), r, g, b);
    gl.uniform1f(grid.at('u_now_alpha'), 0.6 * state.nowAlpha);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private setSource({ layer, gexLines }: SceneState): void {
    const { gl, grid, surfaces } = this;
    const { surface } = LAYERS[layer];
    surfaces.use(grid);
    const there = surface === 'velocity' || surfaces.has(surface);
    gl.uniform1i(grid.at('u_source'), SOURCES[there ? surface : 'nothing']);
    gl.uniform1i(grid.at('u_plane'), Math.max(0, this.plane[layer]));
    gl.uniform1i(grid.at('u_lines'), gexLines ? 1 : 0);
  }

  private setStrikes(shown: boolean): void {
    const { gl, grid, strikeRing: ring } = this;
    gl.uniform1i(grid.at('u_strikes'), 2);
    gl.uniform1i(grid.at('u_options'), shown && ring ? 1 : 0);
    if (!ring) return;
    const step = ring.grid.stepTicks;
    gl.uniform1f(grid.at('u_strike_step'), step);
    gl.uniform1f(grid.at('u_reference'), strikeOf(this.baseTick, step) - this.baseTick);
    gl.uniform1i(grid.at('u_strike_rows'), ring.rows);
  }

  private drawSpot(state: SceneState, ground: Ground, dpr: number): void {
    const { gl, spot } = this;
    const right = state.left + (this.canvas.width / dpr) * state.secondsPerPixel;
    const firstAge = Math.max(0, Math.floor(-right));
    const lastAge = Math.min(RING_COLUMNS - 1, Math.ceil(-state.left));
    if (lastAge <= firstAge) return;
    this.setView(spot, state, dpr);
    gl.uniform1i(spot.at('u_first_age'), firstAge);
    gl.uniform2f(spot.at('u_size'), this.canvas.width, this.canvas.height);
    gl.enable(gl.BLEND);
    const strip = (offset: number, [r, g, b]: readonly number[], alpha: number) => {
      gl.uniform1f(spot.at('u_offset'), offset * state.lineScale);
      gl.uniform4f(spot.at('u_colour'), r, g, b, alpha);
      gl.drawArrays(gl.TRIANGLES, 0, 6 * (lastAge - firstAge));
    };
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE);
    if (ground.spotGlows) for (const copy of GLOW) strip(copy.offset, rgb(copy.colour), copy.alpha);
    gl.blendFunc(gl.ONE, gl.ZERO);
    for (const offset of CORE_OFFSETS) strip(offset, ground.spotCore, 1);
    gl.disable(gl.BLEND);
  }

  private drawForecast(state: SceneState, spotTick: number, dpr: number): void {
    if (!state.forecast) return;
    const [perSecond, perTick] = [dpr / state.secondsPerPixel, dpr / state.ticksPerPixel];
    const { width, height } = this.canvas;
    const place = { x: -state.left * perSecond, y: (spotTick - state.bottom) * perTick };
    this.path.draw(state.forecast, state.calibration, { ...place, perSecond, perTick, width, height, dpr }, state);
  }
}
