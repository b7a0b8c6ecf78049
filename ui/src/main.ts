// Starts the screen: connects to the shell, gets the first view, mounts, then lets the window show itself.
import { mount } from 'svelte';

import App from './App.svelte';
import { connect } from './backend';
import { Session } from './lib/session.svelte';
import { language } from './lib/words';
import './styles/tokens.css';
import './styles/base.css';

document.documentElement.lang = language;
const session = new Session(await connect());
await session.start();
mount(App, { target: document.getElementById('app')!, props: { session } });
await session.ready();
