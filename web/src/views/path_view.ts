// Draws the forecast over the finished picture: the path, and a short mark at each wall.
import { wallColour } from '../layers/forecast';
import type { Look } from '../layers/layer';
import { type Calibration, weightOf } from '../model/calibration';
import { type Forecast, HORIZONS, wallsOf } from '../model/forecast';
import { type GlProgram, link } from './gl_program';
import { DOT_EVERY, DOT_RADIUS, neighboursOf, PATH_FRAGMENT, PATH_VERTEX } from './path_shader';

/** From where to where the mark of a wall stands, in CSS pixels right of now. */
export const WALL_MARK = { from: 5, to: 31, thick: 2 } as const;

type Ranked = Pick<Calibration, 'tenths'> | null;

export interface PathPlace {
  /** Place of spot at now, device pixels from the lower left. */
  x: number;
  y: number;
  /** Device pixels a second and a tick. */
  perSecond: number;
  perTick: number;
  width: number;
  height: number;
  dpr: number;
}

export class PathView {
  private readonly program: GlProgram;
  private kept: Forecast | null = null;
  private ranked: Ranked = null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = link(gl, PATH_VERTEX, PATH_FRAGMENT);
  }

  /** As opaque as its confidence weighs, by `calibration`. */
  draw(forecast: Forecast, calibration: Ranked, place: PathPlace, look: Look): void {
    if (!forecast.path) return;
    this.drawWalls(forecast, place, look);
    const { gl, program } = this;
    gl.useProgram(program.program);
    this.keep(forecast, calibration);
    const cssPerSecond = place.perSecond / place.dpr;
    gl.uniform2f(program.at('u_spot'), place.x, place.y);
    gl.uniform2f(program.at('u_step'), place.perSecond, place.perTick);
    gl.uniform2f(program.at('u_size'), place.width, place.height);
    gl.uniform1f(program.at('u_dpr'), place.dpr);
    gl.uniform1i(program.at('u_neighbours'), neighboursOf(cssPerSecond));
    gl.uniform1i(program.at('u_dots'), cssPerSecond * DOT_EVERY > 5 * DOT_RADIUS ? 1 : 0);
    gl.uniform1i(program.at('u_safe'), look.safe ? 1 : 0);
    gl.uniform1i(program.at('u_light'), look.light ? 1 : 0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.TRIANGLES, 0, 6 * HORIZONS);
    gl.disable(gl.BLEND);
  }

  /** The numbers of a second stay with the program until the next. REQUIRES: the program is in use. */
  private keep(forecast: Forecast, calibration: Ranked): void {
    const { gl, program } = this;
    if (!forecast.path || (forecast === this.kept && calibration === this.ranked)) return;
    this.kept = forecast;
    this.ranked = calibration;
    gl.uniform1fv(program.at('u_heights'), [0, ...forecast.path.delta]);
    const weights = forecast.path.confidence.map((confidence) => weightOf(calibration, confidence));
    gl.uniform1fv(program.at('u_weight'), [0, ...weights]);
  }

  /** Rectangles of whole pixels need no shader. */
  private drawWalls(forecast: Forecast, { x, y, perTick, dpr }: PathPlace, look: Look): void {
    const { gl } = this;
    gl.enable(gl.SCISSOR_TEST);
    gl.clearColor(...wallColour(look));
    const thick = Math.max(1, Math.round(WALL_MARK.thick * dpr));
    for (const { delta } of wallsOf(forecast)) {
      const from = Math.round(x + WALL_MARK.from * dpr);
      const to = Math.round(x + WALL_MARK.to * dpr);
      gl.scissor(from, Math.round(y + delta * perTick - thick / 2), to - from, thick);
      gl.clear(gl.COLOR_BUFFER_BIT);
    }
    gl.disable(gl.SCISSOR_TEST);
  }
}
