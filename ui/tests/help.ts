// Mounts a fixture with a shell that only records, so that a test can say what was sent.
import { render } from '@testing-library/svelte';
import { vi } from 'vitest';

import App from '../src/App.svelte';
import type { Backend } from '../src/backend';
import { fixtures } from '../src/backend/fixtures';
import { rows } from '../src/backend/fixtures/arrived';
import { step, view } from '../src/backend/fixtures/parts';
import type { Action, Block, Copied, RowFilter, Rows, View } from '../src/backend/types';
import { Session } from '../src/lib/session.svelte';

export async function open(start: View | string) {
  let current = typeof start === 'string' ? fixtures[start]! : start;
  let seen: (view: View) => void = () => {};
  const shell = {
    view: vi.fn(async () => current),
    act: vi.fn(async (action: Action): Promise<View> => {
      void action;
      return current;
    }),
    feed: vi.fn(async (serial: number, piece: Uint8Array): Promise<boolean> => {
      void serial;
      return piece.length > 0;
    }),
    rows: vi.fn(async (serial: number, filter: RowFilter, from: number, count: number): Promise<Rows> => {
      const { screen } = current;
      const state = screen.kind === 'arrived' ? screen.comparison : null;
      return rows(serial, state?.kind === 'done' ? state.total : 0, filter, from, count);
    }),
    copy: vi.fn(async (id: string): Promise<Copied> => ({ what: id, clearsIn: null })),
    paste: vi.fn(async (block: string): Promise<View> => {
      void block;
      return current;
    }),
    reveal: vi.fn(async (id: string) => `value-of-${id}`),
    openLink: vi.fn(async (id: string) => {
      void id;
    }),
    onView: vi.fn(async (handler: (view: View) => void) => {
      seen = handler;
    }),
    ready: vi.fn(async () => {}),
  } satisfies Backend;
  const session = new Session(shell);
  await session.start();
  const page = render(App, { props: { session } });
  const push = (next: View) => {
    current = { ...next, revision: Math.max(next.revision, current.revision + 1) };
    seen(current);
  };
  const sent = () => shell.act.mock.calls.map(([action]) => action);
  const find = (selector: string) => page.container.querySelector<HTMLElement>(selector)!;
  const live = () => find('[data-live]').textContent ?? '';
  return { ...page, shell, session, push, seen: (next: View) => seen(next), sent, find, live };
}

/** One block alone on a step. */
export const alone = (block: Block): View =>
  view(
    step('scim-token', 'A step', [block], { forward: { label: 'Continue', enabled: true, missing: null } }),
  );
