// Where words stand over the picture, in CSS pixels of its surface, so that none stand over others.

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Of a letter of a name on the picture; rather too wide than too narrow. */
const LETTER = 7;

export const widthOf = (text: string): number => text.length * LETTER;

export const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
