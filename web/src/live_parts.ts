// What a live session has and a recorded one has not: the line that says how its feed is, and the way to its gaps.
import { FeedLine } from './gui/feed_line';
import type { Picture } from './gui/picture';
import type { FeedGap } from './model/feed';
import { RING_COLUMNS } from './model/grid';
import type { Playback } from './playback';

/** Ages are said as they grow, whether anything comes or not. */
const EVERY_MS = 500;
/** Of what lies further back than is kept, so much is shown of what came after it. */
const AFTER_GAP_SECONDS = 30;

export class LiveParts {
  readonly line = new FeedLine((gap) => this.goTo(gap));

  constructor(
    private readonly playback: Playback,
    private readonly picture: Picture,
  ) {
    setInterval(() => {
      if (playback.session?.live && document.visibilityState === 'visible') this.update();
    }, EVERY_MS);
  }

  update(): void {
    this.line.update(this.playback, performance.now());
  }

  /** The picture moves to a gap it has kept; to another one the session goes back. */
  private goTo({ start, end }: FeedGap): void {
    const { playback, picture } = this;
    const { session, now } = playback;
    if (!session || now === null) return;
    const { camera } = picture;
    const last = Math.min(end ?? session.last, session.last);
    if (start < now && now - start < RING_COLUMNS) {
      const before = playback.lineTick(Math.floor(start)) || camera.centreTick;
      camera.placeAt((start + Math.min(last, now)) / 2 - now, before);
      picture.invalidate();
      return;
    }
    playback.seek(Math.ceil(last) + AFTER_GAP_SECONDS);
    camera.follow(playback.lineTick(now) || camera.centreTick);
  }
}
