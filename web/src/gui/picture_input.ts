// The pointer's intentions carried out on the picture: look about, point, pin, measure a range.
import type { Playback } from '../playback';
import type { Picture } from './picture';
import { listenToPointer } from './pointer';

type Point = { x: number; y: number };

export function connectPointer(
  picture: Picture,
  playback: Playback,
  base: string,
  actions: { moved(): void; follow(): void },
): void {
  const { camera, crosshair, range } = picture;
  listenToPointer(picture.surface, {
    hover: (x, y) => {
      crosshair.move(x, y);
      picture.invalidate('cursor');
    },
    leave: () => {
      crosshair.leave();
      picture.invalidate('cursor');
    },
    pan: (dx, dy) => {
      camera.pan(dx, dy);
      actions.moved();
    },
    zoom: (x, y, factor, axes) => {
      camera.zoomAt(x, y, factor, axes);
      actions.moved();
    },
    pin: () => {
      if (playback.now !== null) crosshair.togglePin(camera, playback.now);
      picture.invalidate('cursor');
    },
    follow: actions.follow,
    rangeDragged: (from, to) => dragRange(picture, playback, from, to),
    rangeDone: () => {
      if (playback.session) void range.ask(base, playback.session);
    },
  });
}

/** The seconds and ticks a rectangle of pixels touches, within what has been seen of the session. */
function dragRange(picture: Picture, playback: Playback, from: Point, to: Point): void {
  const { camera, range } = picture;
  const { now, session } = playback;
  if (now === null || !session) return;
  const end = (px: number) => Math.min(now, Math.max(session.first, now - Math.floor(-camera.xOfPixel(px))));
  const tick = (py: number) => Math.floor(camera.tickOfPixel(py) + 0.5);
  const seconds = [end(from.x), end(to.x)];
  const ticks = [tick(from.y), tick(to.y)];
  range.drag({
    first: Math.min(...seconds),
    last: Math.max(...seconds),
    low: Math.min(...ticks),
    high: Math.max(...ticks),
  });
  picture.invalidate();
}
