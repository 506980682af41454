// The ring on the graphics card: one array texture with a layer per drawn field, and one row of facts per column.
// A second costs one upload of a single column; which field is seen is the shader's choice.
import { DRAWN_FIELDS, RING_COLUMNS, ROWS } from '../model/grid';

/**
 * Facts of a column: spot tick less the base tick, quality bits, second less the base second, height of the spot line less the
 * base tick.
 */
export const FACTS = 4;
/** In place of a second: the slot is empty. In place of a tick: there is none. */
export const NONE = -1e9;

export class RingTexture {
  readonly fields: WebGLTexture;
  readonly facts: WebGLTexture;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.fields = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.fields);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R32F, RING_COLUMNS, ROWS, DRAWN_FIELDS);
    this.nearest(gl.TEXTURE_2D_ARRAY);
    this.facts = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.facts);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, RING_COLUMNS, 1);
    this.nearest(gl.TEXTURE_2D);
    this.clear();
  }

  /** `cells` begins with the drawn planes, ROWS values each. */
  uploadColumn(slot: number, cells: Float32Array): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.fields);
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, slot, 0, 0, 1, ROWS, DRAWN_FIELDS, gl.RED, gl.FLOAT, cells);
  }

  uploadFacts(slot: number, facts: Float32Array): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.facts);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, slot, 0, 1, 1, gl.RGBA, gl.FLOAT, facts);
  }

  uploadAllFacts(facts: Float32Array): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.facts);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, RING_COLUMNS, 1, gl.RGBA, gl.FLOAT, facts);
  }

  clear(): void {
    this.uploadAllFacts(new Float32Array(RING_COLUMNS * FACTS).fill(NONE));
  }

  bind(): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.fields);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.facts);
    gl.activeTexture(gl.TEXTURE0);
  }

  private nearest(target: number): void {
    const { gl } = this;
    gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }
}
