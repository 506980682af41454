// What a person takes away: the picture as a file, the cell under the crosshair as text.
import { LAYERS } from '../layers/list';
import { timeOfDay } from '../model/clock';
import type { Playback } from '../playback';
import { sessionTitle } from '../wire/named_session';
import { readCell } from './crosshair';
import { scaleText } from './fields_bar';
import { worthNow } from './forecast_words';
import type { Picture } from './picture';
import { composePicture, savePicture } from './screenshot';

const INK = { dark: ['#ccc', '#0a0a0f'], light: ['#222', '#f7f7f4'] } as const;

export function savePictureOf(picture: Picture, playback: Playback): void {
  const { session, now } = playback;
  if (!session || now === null) return;
  const { gridCanvas: canvas, pixelRatio: dpr, camera, priceAxis, timeAxis, look } = picture;
  const [ink, ground] = look.light ? INK.light : INK.dark;
  const title = sessionTitle(session);
  picture.drawNow();
  const levels = look.gex && playback.feed.at('gex_levels', now)?.valid ? ', gamma levels' : '';
  const over = `${look.options && session.options ? ', options' : ''}${levels}`;
  const { text, verdict } = worthNow(playback);
  const forecast = look.forecast && playback.forecast?.path;
  const note = forecast ? `forecast: ${[text, verdict].filter(Boolean).join('; ')}` : '';
  const layer = `${LAYERS[look.layer].name}, ${scaleText(LAYERS[look.layer], picture.scale)}${over}`;
  const marks = { priceMarks: priceAxis.marks, timeMarks: timeAxis.marks };
  const made = composePicture({
    canvas,
    dpr,
    camera,
    title,
    now,
    layer,
    note,
    ink,
    ground,
    ...marks,
    gaps: picture.gapMarks.drawn,
  });
  savePicture(made, `${title.replaceAll(' ', '_')}_${timeOfDay(now, 'UTC').replaceAll(':', '')}Z.png`);
}

export function copyCell(picture: Picture, playback: Playback): void {
  const { now, session } = playback;
  const cell = now === null ? null : picture.crosshair.cell(picture.camera, now);
  if (!cell || !session) return;
  const lines = readCell(playback, cell, picture.look).map(({ name, text }) => `${name}\t${text}`);
  void navigator.clipboard.writeText([sessionTitle(session), ...lines].join('\n'));
}
