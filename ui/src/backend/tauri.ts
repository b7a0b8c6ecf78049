// The real shell. The only file that may import @tauri-apps; eslint holds it.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWindow } from '@tauri-apps/api/window';

import type { Backend } from '.';
import type { View } from './types';

export const tauri: Backend = {
  view: () => invoke('view'),
  act: (action) => invoke('act', { action }),
  feed: (serial, piece) => invoke('feed', piece, { headers: { serial: String(serial) } }),
  rows: (serial, filter, from, count) => invoke('rows', { serial, filter, from, count }),
  copy: (id) => invoke('copy', { id }),
  paste: (block) => invoke('paste', { block }),
  reveal: (id) => invoke('reveal', { id }),
  openLink: (id) => invoke('open_link', { id }),
  onView: async (seen) => {
    await listen<View>('view-changed', (event) => seen(event.payload));
  },
  ready: () => getCurrentWindow().show(),
};
