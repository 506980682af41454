// The rings of vacuum, gamma exposure and its levels on the graphics card. Each texture is made when its surface first comes: a page
// that never looks at one does not pay for it.
import { GEX_HALF, type GexLattice } from '../model/gex_lattice';
import { RING_COLUMNS } from '../model/grid';
import type { PriceSteps } from '../model/prices';
import type { SurfaceColumns } from '../model/surface_columns';
import { VACUUM_HALF } from '../model/surface_columns';
import type { SurfaceRing } from '../model/surface_ring';
import type { SurfaceName } from '../model/surfaces';
import type { GlProgram } from './gl_program';
import { type LatticeColumn, LatticeTexture } from './lattice_texture';
import { NONE } from './ring_texture';

export interface DrawnRings {
  vacuum: SurfaceRing<SurfaceColumns['vacuum']>;
  gex: SurfaceRing<SurfaceColumns['gex']>;
  gex_levels: SurfaceRing<SurfaceColumns['gex_levels']>;
}
export type DrawnSurface = keyof DrawnRings;

const UNITS: Record<DrawnSurface, number> = { vacuum: 3, gex: 4, gex_levels: 5 };
const LEVELS = 4;

/** Whether a surface is part of the picture; the others are panels. */
export const isDrawn = (surface: SurfaceName): surface is DrawnSurface => surface in UNITS;

export class SurfaceTextures {
  private readonly lattices: Record<'vacuum' | 'gex', LatticeTexture | null> = { vacuum: null, gex: null };
  private readonly empty: LatticeTexture;
  private readonly levels: WebGLTexture;
  private readonly level = new Float32Array(LEVELS);
  private steps: PriceSteps = { tickInt: 1, priceIncrementInt: 1 };
  private baseTick = 0;
  private baseSecond = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly rings: DrawnRings,
    private readonly lattice: GexLattice,
  ) {
    this.empty = new LatticeTexture(gl, 1);
    this.levels = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.levels);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, RING_COLUMNS, 1);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.clearLevels();
  }

  /** Another session, whose columns come anew. */
  reset(steps: PriceSteps, baseSecond: number): void {
    this.steps = steps;
    this.baseTick = 0;
    this.baseSecond = baseSecond;
    this.lattice.reset();
    this.drop('vacuum');
    this.drop('gex');
    this.clearLevels();
  }

  /** The tick that heights are counted from; what came before it was known is placed now. */
  setBase(baseTick: number): void {
    if (baseTick === this.baseTick) return;
    this.baseTick = baseTick;
    for (const surface of ['vacuum', 'gex', 'gex_levels'] as const) this.uploadAll(surface);
  }

  /** What the ring holds in a slot. */
  upload(surface: DrawnSurface, slot: number): void {
    if (this.baseTick === 0) return;
    if (surface === 'gex_levels') return this.uploadLevels(slot);
    const column = this.rings[surface].inSlot(slot);
    if (column?.surface === 'gex' && this.lattice.learn(column)) return this.uploadAll('gex');
    const placed = column && this.place(column);
    if (!placed && !this.lattices[surface]) return;
    const half = surface === 'vacuum' ? VACUUM_HALF : GEX_HALF;
    this.lattices[surface] ??= new LatticeTexture(this.gl, 2 * half + 1);
    this.lattices[surface].upload(slot, placed, Math.floor(this.baseSteps(surface)), this.baseSecond);
  }

  /** Binds all of it and says how it is placed. REQUIRES: the program is in use. */
  use(program: GlProgram): void {
    const { gl, lattices, empty } = this;
    (lattices.vacuum ?? empty).bind(UNITS.vacuum);
    (lattices.gex ?? empty).bind(UNITS.gex);
    gl.activeTexture(gl.TEXTURE0 + UNITS.gex_levels);
    gl.bindTexture(gl.TEXTURE_2D, this.levels);
    gl.activeTexture(gl.TEXTURE0);
    gl.uniform1i(program.at('u_vacuum'), UNITS.vacuum);
    gl.uniform1i(program.at('u_gex'), UNITS.gex);
    gl.uniform1i(program.at('u_levels'), UNITS.gex_levels);
    for (const surface of ['vacuum', 'gex'] as const) {
      const base = this.baseSteps(surface);
      gl.uniform2f(
        program.at(`u_${surface}_steps`),
        this.steps.tickInt / this.stepOf(surface),
        base - Math.floor(base),
      );
    }
  }

  /** Whether any second of a field has come; without, there is no texture to read. */
  has(surface: 'vacuum' | 'gex'): boolean {
    return this.lattices[surface] !== null;
  }

  private place(column: SurfaceColumns['vacuum' | 'gex']): LatticeColumn | null {
    const { second, valid } = column;
    if (!valid) return { second, middle: 0, values: null };
    if (column.surface === 'vacuum')
      return column.spot === 0 ? null : { second, middle: column.spot, values: column.scores };
    const placed = this.lattice.place(column);
    return placed && { second, ...placed };
  }

  private stepOf(surface: 'vacuum' | 'gex'): number {
    return surface === 'vacuum' ? this.steps.priceIncrementInt : this.lattice.stepInt || this.steps.tickInt;
  }

  /** The base tick in steps of a lattice. */
  private baseSteps(surface: 'vacuum' | 'gex'): number {
    return (this.baseTick * this.steps.tickInt) / this.stepOf(surface);
  }

  private uploadAll(surface: DrawnSurface): void {
    for (let slot = 0; slot < RING_COLUMNS; slot++) if (this.rings[surface].inSlot(slot)) this.upload(surface, slot);
  }

  private uploadLevels(slot: number): void {
    const { gl, level } = this;
    const found = this.rings.gex_levels.inSlot(slot);
    const height = (priceInt: number | null | undefined) =>
      found?.valid && priceInt != null ? priceInt / this.steps.tickInt - this.baseTick : NONE;
    level[0] = height(found?.flipPriceInt);
    level[1] = height(found?.callWallPriceInt);
    level[2] = height(found?.putWallPriceInt);
    level[3] = found ? found.second - this.baseSecond : NONE;
    gl.bindTexture(gl.TEXTURE_2D, this.levels);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, slot, 0, 1, 1, gl.RGBA, gl.FLOAT, level);
  }

  private clearLevels(): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.levels);
    const nothing = new Float32Array(RING_COLUMNS * LEVELS).fill(NONE);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, RING_COLUMNS, 1, gl.RGBA, gl.FLOAT, nothing);
  }

  private drop(surface: 'vacuum' | 'gex'): void {
    this.lattices[surface]?.delete();
    this.lattices[surface] = null;
  }
}
