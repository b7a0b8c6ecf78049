// A stand-in shell for working on the screens: walks through the fixtures. No rule of the job is in it.
import type { Backend } from '.';
import { fixtures } from './fixtures';
import { rows } from './fixtures/arrived';
import type { Action, Block, CheckState, View } from './types';

const WALK = [
  'new-setup-chosen',
  'needs',
  'role',
  'token-empty',
  'proxy-waiting',
  'credentials',
  'mappings',
  'provisioning',
  'finish',
];

/** `fixture`: which view to begin with; the first start otherwise. */
export function fake(fixture: string | null): Backend {
  let name = fixture && fixture in fixtures ? fixture : 'home-first';
  let view: View = { ...fixtures[name]!, revision: 1 };
  let seen: (view: View) => void = () => {};

  const show = (next: View): View => (view = { ...next, revision: view.revision + 1 });
  const go = (next: string | undefined): View => {
    if (!next || !fixtures[next]) return show(view);
    name = next;
    return show(fixtures[next]);
  };
  const mend = (id: string, change: (block: Block) => Block): View =>
    view.screen.kind === 'step'
      ? show({
          ...view,
          screen: {
            ...view.screen,
            blocks: view.screen.blocks.map((block) => (block.id === id ? change(block) : block)),
            forward: { label: 'Continue', enabled: true, missing: null },
          },
        })
      : show(view);
  const state = (id: string, next: CheckState): View =>
    mend(id, (block) => (block.kind === 'check' ? { ...block, state: next } : block));

  function run(id: string): View {
    setTimeout(() => {
      const proof = 'It answered as expected.';
      seen(state(id, { kind: 'passed', proof, at: new Date().toISOString(), findings: [] }));
    }, 2500);
    return state(id, {
      kind: 'running',
      doing: 'Waiting for the answer',
      since: new Date().toISOString(),
      cancellable: true,
      stages: [],
    });
  }

  function fill(id: string): View {
    const expires = { text: 'ends in 15 minutes', tone: 'neutral' as const };
    const facts = ['saved in your system keyring'];
    const filled = {
      kind: 'filled' as const,
      lastFour: 'Qx7A',
      saved: true,
      facts,
      expiresAt: null,
      expires,
    };
    return mend(id, (block) =>
      block.kind === 'secret' ? { ...block, problem: null, state: filled } : block,
    );
  }

  function ticked(block: Block, row: string, done: boolean): Block {
    if (block.kind === 'confirm') return { ...block, done };
    if (block.kind !== 'mapping') return block;
    const tick = <T extends { id: string }>(item: T) => (item.id === row ? { ...item, done } : item);
    const tables = block.tables.map((table) => ({
      ...table,
      rows: table.rows.map(tick),
      actions: table.actions.map(tick),
    }));
    return { ...block, tables, done: block.done + (done ? 1 : -1) };
  }

  function entered(id: string, day: string): View {
    if (view.screen.kind !== 'home') return show(view);
    const token = {
      text: day ? `Ends on ${day}` : 'The end of the token is not known',
      tone: 'neutral' as const,
    };
    const setups = view.screen.setups.map((setup) =>
      setup.id === id && setup.end
        ? { ...setup, token, end: { ...setup.end, value: day, problem: null } }
        : setup,
    );
    return show({ ...view, screen: { ...view.screen, setups } });
  }

  function act(action: Action): View {
    const at = WALK.findIndex((entry) => entry === name || entry.split('-')[0] === name.split('-')[0]);
    switch (action.type) {
      case 'home':
        return go('home');
      case 'new-setup':
        return go(action.practice ? 'new-setup-chosen' : 'new-setup');
      case 'choose-target':
      case 'choose-idp':
        return go('new-setup-chosen');
      case 'open-setup':
        return go('credentials');
      case 'remove-setup':
        return go('home-first');
      case 'back':
        return go(at > 0 ? WALK[at - 1] : 'home');
      case 'continue':
        return go(WALK[at + 1]);
      case 'go-to':
        return go(Object.keys(fixtures).find((key) => phaseOf(fixtures[key]!) === action.phase));
      case 'type':
        return mend(action.block, (block) =>
          block.kind === 'input' ? { ...block, value: action.value, problem: null, warning: null } : block,
        );
      case 'fill-secret':
      case 'use-secret':
      case 'save-secret':
      case 'pick':
        return fill(action.block);
      case 'clear-secret':
        return mend(action.block, (block) =>
          block.kind === 'secret' ? { ...block, state: { kind: 'empty' } } : block,
        );
      case 'choose':
        return mend(action.block, (block) =>
          block.kind === 'choice'
            ? {
                ...block,
                problem: null,
                options: block.options.map((option) => ({ ...option, chosen: option.id === action.option })),
              }
            : block,
        );
      case 'tick':
        return mend(action.block, (block) => ticked(block, action.row, action.done));
      case 'run':
      case 'correct':
        return run(action.block);
      case 'cancel':
        return state(action.block, { kind: 'waiting' });
      case 'rotate':
        return go('rotation');
      case 'cancel-rotation':
        return go('finish');
      case 'check-all':
        setTimeout(() => name === 'home-checking' && seen(go('home-checked')), 4000);
        return go('home-checking');
      case 'stop-check-all':
        return go('home');
      case 'set-end':
        return entered(action.setup, action.day);
      case 'save-reminders':
      case 'save-runbook':
        return go('finish-saved');
      case 'dismiss':
        return show({ ...view, notices: view.notices.filter((notice) => notice.id !== action.notice) });
      case 'try-again':
        return go('home');
      case 'doctor':
        return go(action.class ? 'doctor-page' : 'doctor');
      case 'about':
        return go('about');
      case 'arrived':
        return go('arrived-empty');
      case 'name-group':
        return show(view);
      case 'compare':
        setTimeout(() => name === 'arrived-comparing' && seen(go('arrived-differences')), 2500);
        return go('arrived-comparing');
      case 'stop-comparing':
        return go('arrived-handed');
      case 'save-differences':
        return go('arrived-saved');
      case 'examine':
        if (name.startsWith('arrived')) return go('arrived-handed');
        setTimeout(() => seen(go(name.startsWith('doctor') ? 'doctor-found' : 'people-found')), 2500);
        return go(name.startsWith('doctor') ? 'doctor' : 'people-reading');
      case 'put-away':
        if (name.startsWith('arrived')) return go('arrived-empty');
        return go(name.startsWith('doctor') ? 'doctor' : 'mapping-empty');
      case 'break-off':
        return go(name.startsWith('doctor') ? 'doctor' : 'mapping-empty');
    }
  }

  return {
    view: async () => view,
    act: async (action) => act(action),
    feed: async () => true,
    rows: async (serial, filter, from, count) => {
      const state = view.screen.kind === 'arrived' ? view.screen.comparison : null;
      return rows(serial, state?.kind === 'done' ? state.total : 0, filter, from, count);
    },
    copy: async (id) => ({ what: id, clearsIn: id.includes('token') ? 60 : null }),
    paste: async (block) => fill(block),
    reveal: async () => 'a-practice-token-that-opens-nothing-3f9c',
    openLink: async () => {},
    onView: async (handler) => {
      seen = handler;
    },
    ready: async () => {},
  };
}

function phaseOf(view: View): string | null {
  return view.screen.kind === 'step' ? view.screen.phase : null;
}
