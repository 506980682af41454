// A ring on the graphics card whose columns are rows at equal steps of price around a middle: options by strike, vacuum by price
// increment, gamma exposure by strike. A column says itself where its middle is and which second it belongs to.
import { MISSING, RING_COLUMNS } from '../model/grid';
import { NONE } from './ring_texture';

/** After its rows a column has its middle, in steps from the base, and its second, as the facts of a column have. */
export const LATTICE_FACTS = 2;

export interface LatticeColumn {
  second: number;
  /** In steps from price 0. */
  middle: number;
  /** Null: the second is known and cannot be trusted. */
  values: Float32Array | null;
}

export class LatticeTexture {
  private readonly texture: WebGLTexture;
  private readonly column: Float32Array;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly rows: number,
  ) {
    const height = rows + LATTICE_FACTS;
    this.column = new Float32Array(height);
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R32F, RING_COLUMNS, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    // Only the seconds decide whether a slot is read.
    const nothing = new Float32Array(RING_COLUMNS).fill(NONE);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, rows + 1, RING_COLUMNS, 1, gl.RED, gl.FLOAT, nothing);
  }

  /** Null: the second of the slot has nothing. */
  upload(slot: number, found: LatticeColumn | null, base: number, baseSecond: number): void {
    const { gl, rows, column } = this;
    if (found?.values) column.set(found.values);
    else column.fill(MISSING);
    column[rows] = found?.values ? found.middle - base : NONE;
    column[rows + 1] = found ? found.second - baseSecond : NONE;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, slot, 0, 1, column.length, gl.RED, gl.FLOAT, column);
  }

  bind(unit: number): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.activeTexture(gl.TEXTURE0);
  }

  delete(): void {
    this.gl.deleteTexture(this.texture);
  }
}
