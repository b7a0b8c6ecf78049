// The page of the bare window: mounts, then lets the window show itself, as Usher's own page does.
import { getCurrentWindow } from '@tauri-apps/api/window';
import { mount } from 'svelte';

import Bare from './Bare.svelte';

mount(Bare, { target: document.getElementById('app')! });
await getCurrentWindow().show();
