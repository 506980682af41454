// The ring of options on the graphics card: a column of strikes a second, with the spot and the second it belongs to.
import { MISSING } from '../model/grid';
import type { StrikeRing } from '../model/strike_ring';
import { NONE } from './ring_texture';
import { strikeTextureSize } from './strike_shader';

export class StrikeTexture {
  private readonly texture: WebGLTexture;
  private readonly column: Float32Array;

  /** `ring` null: a session without options; the texture is then there only to be bound. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly ring: StrikeRing | null,
  ) {
    const [width, height] = strikeTextureSize(ring?.rows ?? 1);
    this.column = new Float32Array(height);
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R32F, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    const nothing = new Float32Array(width * height).fill(NONE);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RED, gl.FLOAT, nothing);
  }

  /** What the ring holds in a slot. */
  upload(slot: number, baseTick: number, baseSecond: number): void {
    const { gl, ring, column } = this;
    if (!ring) return;
    const found = ring.inSlot(slot);
    column.fill(MISSING);
    if (found) column.set(found.values);
    column[ring.rows] = found ? found.spotTick - baseTick : 0;
    column[ring.rows + 1] = found ? found.second - baseSecond : NONE;
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
