// The seam to the shell. The screen knows this interface only; production has one implementation, `tauri`.
import type { Action, Copied, RowFilter, Rows, View } from './types';

export interface Backend {
  view(): Promise<View>;
  act(action: Action): Promise<View>;
  /** The next piece of what an intake reads; an empty one is its end. False: no more is wanted. */
  feed(serial: number, piece: Uint8Array): Promise<boolean>;
  /** Rows of a comparison, as many as are there from a place on, and not more than some hundred. */
  rows(serial: number, filter: RowFilter, from: number, count: number): Promise<Rows>;
  copy(id: string): Promise<Copied>;
  paste(block: string): Promise<View>;
  reveal(id: string): Promise<string>;
  openLink(id: string): Promise<void>;
  /** Calls `seen` with each view that the core sends by itself. */
  onView(seen: (view: View) => void): Promise<void>;
  /** The first screen is drawn: the window may show itself. */
  ready(): Promise<void>;
}

/** The shell, or in development a scripted stand-in (`?fake`). The stand-in is not in a release build. */
export async function connect(): Promise<Backend> {
  if (import.meta.env.MODE !== 'production' && new URLSearchParams(location.search).has('fake')) {
    return (await import('./fake')).fake(new URLSearchParams(location.search).get('fixture'));
  }
  return (await import('./tauri')).tauri;
}
