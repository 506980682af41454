// Where the picture looks: x in seconds from the newest window (0 = now, the past negative), y in absolute ticks.
// At zoom 1 a hundred ticks fill the height and a second is as wide as a tick is high (spec 7.1); now stands at 70 %.

export const NOW_AT = 0.7;
const TICKS_AT_ZOOM_1 = 100;
/** Where a row is a bucket of prices, a hundred of them would show no movement: so few fill the height at first. */
const BUCKETS_AT_START = 12;
/** From the place it starts in, price may grow by this much; it may shrink until the whole grid is visible. */
const PRICE_GROWS = 4;
/** Time alone may shrink further, so that the whole ring fits a narrow screen. */
const TIME_ZOOM = { min: 0.04, max: 4 };
/** Following lets spot wander this share of the height from the middle before the picture moves. */
const FOLLOW_BAND = 0.22;
const REACH_SECONDS = 1800;

/** What of an instrument the camera must know. */
export interface CameraGrid {
  halfWidthTicks: number;
  bucketed: boolean;
}

export interface CameraState {
  zoomTime: number;
  zoomPrice: number;
  /** Seconds the picture is shifted into the past; 0 keeps now at 70 %. */
  back: number;
  centreTick: number;
  following: boolean;
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

export class Camera implements CameraState {
  zoomTime = 1;
  zoomPrice = 1;
  back = 0;
  centreTick = 0;
  following = true;
  private width = 1;
  private height = 1;
  private target = 0;
  private priceZoom = { min: 0.25, start: 1, max: 4 };

  /** In CSS pixels. */
  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
  }

  /** Zoom of price a session of this grid starts in; 1 where rows are ticks of the market. */
  get startZoom(): number {
    return this.priceZoom.start;
  }

  get visibleTicks(): number {
    return TICKS_AT_ZOOM_1 / this.zoomPrice;
  }

  get ticksPerPixel(): number {
    return this.visibleTicks / this.height;
  }

  get secondsPerPixel(): number {
    return TICKS_AT_ZOOM_1 / this.zoomTime / this.height;
  }

  get visibleSeconds(): number {
    return this.secondsPerPixel * this.width;
  }

  get left(): number {
    return -NOW_AT * this.visibleSeconds - this.back;
  }

  get right(): number {
    return this.left + this.visibleSeconds;
  }

  get bottom(): number {
    return this.centreTick - this.visibleTicks / 2;
  }

  get top(): number {
    return this.centreTick + this.visibleTicks / 2;
  }

  xOfPixel(px: number): number {
    return this.left + px * this.secondsPerPixel;
  }

  pixelOfX(x: number): number {
    return (x - this.left) / this.secondsPerPixel;
  }

  tickOfPixel(py: number): number {
    return this.top - py * this.ticksPerPixel;
  }

  pixelOfTick(tick: number): number {
    return (this.top - tick) / this.ticksPerPixel;
  }

  /** Wheel: the point under the pointer stays where it is. */
  zoomAt(px: number, py: number, factor: number, axes: 'both' | 'time' | 'price'): void {
    const [x, tick] = [this.xOfPixel(px), this.tickOfPixel(py)];
    if (axes !== 'price') {
      this.zoomTime = clamp(this.zoomTime * factor, TIME_ZOOM.min, TIME_ZOOM.max);
      if (!this.following) this.back += this.xOfPixel(px) - x;
    }
    if (axes !== 'time') {
      this.zoomPrice = clamp(this.zoomPrice * factor, this.priceZoom.min, this.priceZoom.max);
      this.centreTick += tick - this.tickOfPixel(py);
      this.target = this.centreTick;
    }
    this.keepInReach();
  }

  /** Drag: stops following. */
  pan(dx: number, dy: number): void {
    this.following = false;
    this.back += dx * this.secondsPerPixel;
    this.centreTick += dy * this.ticksPerPixel;
    this.target = this.centreTick;
    this.keepInReach();
  }

  follow(spotTick: number): void {
    this.following = true;
    this.back = 0;
    this.centreTick = this.target = spotTick;
  }

  /** A new spot: when following, the target moves once spot leaves the middle band. */
  spotMoved(spotTick: number): void {
    if (!this.following || spotTick === 0) return;
    const band = FOLLOW_BAND * this.visibleTicks;
    if (Math.abs(spotTick - this.target) > this.visibleTicks) this.centreTick = this.target = spotTick;
    else if (spotTick > this.target + band) this.target = spotTick - band / 2;
    else if (spotTick < this.target - band) this.target = spotTick + band / 2;
  }

  /** One frame of the glide towards the target; true while there is more to do. */
  glide(): boolean {
    const rest = this.target - this.centreTick;
    if (rest === 0) return false;
    this.centreTick = Math.abs(rest) < this.ticksPerPixel / 2 ? this.target : this.centreTick + rest * 0.2;
    return this.centreTick !== this.target;
  }

  /** A session is opened: the limits of its grid, and, if they are others than before, the zoom it starts in. */
  setGrid({ halfWidthTicks, bucketed }: CameraGrid): void {
    const start = bucketed ? TICKS_AT_ZOOM_1 / BUCKETS_AT_START : 1;
    const min = Math.min(start, TICKS_AT_ZOOM_1 / (2 * halfWidthTicks));
    const same = start === this.priceZoom.start && min === this.priceZoom.min;
    this.priceZoom = { min, start, max: PRICE_GROWS * start };
    if (!same) this.setZoom(1, start);
  }

  setZoom(zoomTime: number, zoomPrice: number): void {
    this.zoomTime = clamp(zoomTime, TIME_ZOOM.min, TIME_ZOOM.max);
    this.zoomPrice = clamp(zoomPrice, this.priceZoom.min, this.priceZoom.max);
  }

  place(centreTick: number, back: number): void {
    this.following = false;
    this.centreTick = this.target = centreTick;
    this.back = back;
    this.keepInReach();
  }

  /** Looks at a moment: in the middle, as far as that is in reach. */
  placeAt(x: number, centreTick: number): void {
    this.place(centreTick, (0.5 - NOW_AT) * this.visibleSeconds - x);
  }

  /** Seconds passed while the picture looks at the past alone: it stays with what it looks at. */
  passed(seconds: number): void {
    if (this.following || this.right >= 0) return;
    this.back += seconds;
    this.keepInReach();
  }

  private keepInReach(): void {
    const most = Math.max(0, REACH_SECONDS - this.visibleSeconds / 2);
    this.back = clamp(this.back, -0.25 * this.visibleSeconds, most);
  }
}
