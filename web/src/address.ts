// The address of the page: kept in step with what is seen, at most once a second.
import type { Picture } from './gui/picture';
import { LAYERS } from './layers/list';
import { type UrlState, writeUrl } from './model/url_state';
import type { Playback } from './playback';

const EVERY_MS = 1000;

export class Address {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly playback: Playback,
    private readonly picture: Picture,
  ) {}

  /** Whether it says all that is seen; it lags by up to a second. */
  get isCurrent(): boolean {
    return this.timer === undefined;
  }

  later(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.write();
    }, EVERY_MS);
  }

  private write(): void {
    const { session, now, state } = this.playback;
    const { camera, look } = this.picture;
    if (!session || now === null) return;
    const away = { centrePrice: (camera.centreTick * session.tickInt) / 1e9, back: camera.back };
    const seen: UrlState = {
      product: session.productType,
      symbol: session.symbol,
      dt: session.dt,
      ...(state.live ? {} : { second: now }),
      field: LAYERS[look.layer].id,
      scale: look.scale,
      ...(session.options ? { options: look.options, gex: look.gex } : {}),
      forecast: look.forecast,
      bands: look.bands,
      radar: look.radar,
      zoomTime: camera.zoomTime,
      zoomPrice: camera.zoomPrice,
      speed: state.speed,
      paused: !state.playing,
      ...(camera.following ? {} : away),
    };
    history.replaceState(null, '', writeUrl(seen));
  }
}
