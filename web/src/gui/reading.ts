// One line of what is read under the crosshair or in a panel.
export interface Reading {
  name: string;
  text: string;
}
