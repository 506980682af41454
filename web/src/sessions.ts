// Which session is looked at: the one the address names, the one picked, the live one; and where in each the page was last.
import type { Picture } from './gui/picture';
import type { TopBar } from './gui/top_bar';
import type { UrlState } from './model/url_state';
import type { Playback } from './playback';
import { type CatalogSession, fetchCatalog } from './wire/catalog';
import { liveNear, sameSession, sessionNamed, sessionTitle } from './wire/named_session';

const EMPTY_LAKE =
  'The lake is empty. Fill it with `make demo`, or with `spymaster simulate && spymaster run --product-type future_mbo --layer all`.';
/** Without a place in the address a session opens five minutes in, with those five minutes already drawn. */
const OPENS_AFTER_SECONDS = 300;
/** How soon the catalogue is asked for again: while there is nothing in it, and afterwards, as live sessions come, grow and go. */
const ASK_AGAIN_MS = { empty: 2000, known: 10_000 };

const keyOf = ({ productType, symbol, dt }: CatalogSession): string => [productType, symbol, dt].join('/');

export class Sessions {
  catalog: CatalogSession[] = [];
  /** Where the recorded sessions looked at before were left. */
  private readonly left = new Map<string, Pick<UrlState, 'second' | 'paused'>>();

  constructor(
    private readonly base: string,
    private readonly playback: Playback,
    private readonly picture: Picture,
    private readonly top: TopBar,
    private readonly opened: () => void,
  ) {}

  /** Opens what is wanted once there is anything, and keeps the catalogue up to date from then on. */
  async run(wanted: UrlState): Promise<void> {
    this.picture.notice.show('Loading the catalogue …');
    while (!(await this.openFirst(wanted))) await wait(ASK_AGAIN_MS.empty);
    for (;;) {
      await wait(ASK_AGAIN_MS.known);
      if (document.visibilityState === 'visible') await this.refresh();
    }
  }

  /** A session picked by a person: a live one at its edge, any other where it was left. */
  pick(session: CatalogSession): void {
    const { session: before, now, state } = this.playback;
    if (before && !before.live && now !== null) this.left.set(keyOf(before), { second: now, paused: !state.playing });
    this.picture.remark.show('');
    this.open(session, this.left.get(keyOf(session)) ?? { paused: !before?.live && !state.playing });
    this.picture.surface.focus();
  }

  /** The live session that is meant when none is named; null: there is none. */
  get live(): CatalogSession | null {
    return liveNear(this.catalog, this.playback.session);
  }

  async refresh(): Promise<void> {
    try {
      this.catalog = await fetchCatalog(this.base);
    } catch {
      // The state of the connection is said by the stream.
      return;
    }
    const { session, connection } = this.playback;
    if (!session || this.catalog.length === 0) return;
    const entry = this.catalog.find((found) => sameSession(found, session));
    this.top.picker.renew(this.catalog, entry ?? session);
    this.picture.invalidate();
    if (!entry?.live) return;
    // Options that were not there have no room in what is open; a session that was refused may be there again.
    const others = (entry.options === null) !== (session.options === null);
    if (others || connection === 'refused') this.open(entry, {});
    else this.playback.renew(entry);
  }

  private async openFirst(wanted: UrlState): Promise<boolean> {
    try {
      this.catalog = await fetchCatalog(this.base);
      if (this.catalog.length > 0) {
        const { session, remark } = await sessionNamed(this.base, this.catalog, wanted);
        this.picture.remark.show(remark);
        this.open(session, remark ? { ...wanted, second: undefined } : wanted);
        return true;
      }
      this.top.connectionWord({ connection: 'connected', detail: '', session: null });
      this.picture.notice.show(EMPTY_LAKE);
    } catch (error) {
      this.top.connectionWord({ connection: 'connecting', detail: String(error), session: null });
    }
    return false;
  }

  private open(session: CatalogSession, wanted: UrlState): void {
    const { picture, playback } = this;
    const opening = Math.min(session.first + OPENS_AFTER_SECONDS, Math.floor((session.first + session.last) / 2));
    const follow = session.live && (wanted.second === undefined || session.first === 0);
    const at = follow ? null : Math.min(session.last, Math.max(session.first, wanted.second ?? opening));
    picture.notice.show(`Loading ${sessionTitle(session)} …`);
    this.top.picker.setCatalog(this.catalog, session);
    playback.open(this.base, session, at, wanted.speed ?? playback.state.speed, !follow && (wanted.paused ?? false));
    picture.reset(session, playback.strikes);
    const { camera } = picture;
    if (wanted.zoomTime !== undefined) camera.setZoom(wanted.zoomTime, wanted.zoomPrice ?? wanted.zoomTime);
    if (wanted.centrePrice !== undefined) picture.place((wanted.centrePrice * 1e9) / session.tickInt, wanted.back ?? 0);
    this.opened();
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
