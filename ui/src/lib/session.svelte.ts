// The current view, and the way back: every click goes through here. It holds no rule of the job.
import { getContext, setContext } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import type { Backend } from '../backend';
import type { Action, Problem, View } from '../backend/types';
import { Differences } from './differences.svelte';
import { asProblem, readingOf } from './kinds';
import { words } from './words';

const TYPING_PAUSE = 400;
/** Bytes that are sent at once. */
const PIECE = 256 * 1024;

type Draft = { action: Action; timer?: ReturnType<typeof setTimeout> };

export class Session {
  view = $state.raw<View | null>(null);
  /** What the last command was refused with, and at which block. */
  failure = $state.raw<{ problem: Problem; where: string | null } | null>(null);
  copied = $state.raw<{ id: string; at: number; clearsIn: number | null } | null>(null);
  /** Texts that are typed and not handed over yet, by intake. */
  texts = new SvelteMap<string, string>();
  /** The newest sentences for the live region. */
  spoken = $state.raw<{ id: number; text: string }[]>([]);

  /** What was found when who arrived was compared. */
  readonly differences: Differences;

  #backend: Backend;
  #busy = new SvelteSet<string>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  #drafts = new Map<string, Draft>();
  #edits: Promise<boolean> = Promise.resolve(true);
  #serial = -1;
  #said = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.differences = new Differences(backend);
  }

  async start() {
    await this.#backend.onView((view) => this.accept(view));
    await this.#run('start', null, async () => this.accept(await this.#backend.view()));
  }

  ready() {
    return this.#backend.ready();
  }

  /** Takes a view unless a newer one is shown already. */
  accept(view: View) {
    if (this.view && view.revision < this.view.revision) return;
    this.view = view;
    if (view.announcement && view.announcement.serial > this.#serial) {
      this.#serial = view.announcement.serial;
      this.say(view.announcement.text);
    }
  }

  say(text: string) {
    this.spoken = [...this.spoken.slice(-2), { id: this.#said++, text }];
  }

  isBusy(key: string): boolean {
    return this.#busy.has(key);
  }

  /** A button. The same one is not sent again before its answer is there. */
  act(action: Action): Promise<void | undefined> {
    return this.#run(keyOf(action), blockOf(action), async () =>
      this.accept(await this.#backend.act(action)),
    );
  }

  /** A tick or a choice. They are sent one after the other, in the order of the clicks. */
  edit(action: Action): Promise<boolean> {
    this.#edits = this.#edits.then(async () => {
      try {
        this.accept(await this.#backend.act(action));
        return true;
      } catch (error) {
        this.#fail(error, blockOf(action));
        return false;
      }
    });
    return this.#edits;
  }

  /** Something half entered: sent after a pause (if it may), and in any case before the next command. */
  draft(block: string, action: Action | null, pause = true) {
    clearTimeout(this.#drafts.get(block)?.timer);
    this.#drafts.delete(block);
    if (!action) return;
    const timer = pause ? setTimeout(() => this.flush(), TYPING_PAUSE) : undefined;
    this.#drafts.set(block, { action, timer });
  }

  hasDraft(block: string): boolean {
    return this.#drafts.has(block);
  }

  /** Sends what is half entered. False if that was refused. */
  async flush(): Promise<boolean> {
    const sent = [...this.#drafts.entries()].map(([block, { action, timer }]) => {
      clearTimeout(timer);
      this.#drafts.delete(block);
      return this.edit(action);
    });
    await this.#edits;
    return (await Promise.all(sent)).every(Boolean);
  }

  /** A file or a text, piece by piece: the next one is sent when the core has room for it. */
  async handOver(intake: string, name: string, content: Blob) {
    const action: Action = { type: 'examine', intake, name, size: content.size };
    const begun = await this.#run(keyOf(action), intake, async () => {
      const view = await this.#backend.act(action);
      this.accept(view);
      return view;
    });
    // Of this very answer: a later one may speak of another file.
    const serial = begun && readingOf(begun, intake);
    if (serial === undefined) return;
    try {
      for (let at = 0; at < content.size; at += PIECE) {
        const piece = new Uint8Array(await content.slice(at, at + PIECE).arrayBuffer());
        if (!(await this.#backend.feed(serial, piece))) return;
      }
      await this.#backend.feed(serial, new Uint8Array());
    } catch {
      // A folder, or a file that is gone or may not be read: half of it would say something wrong.
      await this.act({ type: 'break-off', serial });
    }
  }

  async copy(id: string, where: string | null = null) {
    const copied = await this.#run(`copy/${id}`, where, () => this.#backend.copy(id));
    if (!copied) return;
    this.copied = { id, at: Date.now(), clearsIn: copied.clearsIn };
    this.say(words.copy.done(copied.what, copied.clearsIn));
  }

  async paste(block: string) {
    this.draft(block, null);
    await this.#run(`paste/${block}`, block, async () => this.accept(await this.#backend.paste(block)));
  }

  reveal(id: string) {
    return this.#run(`reveal/${id}`, id, () => this.#backend.reveal(id));
  }

  openLink(id: string, where: string | null = null) {
    return this.#run(`open/${id}`, where, () => this.#backend.openLink(id));
  }

  async #run<T>(key: string, where: string | null, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#busy.has(key)) return undefined;
    this.#busy.add(key);
    this.failure = null;
    try {
      if (!(await this.flush())) return undefined;
      return await work();
    } catch (error) {
      this.#fail(error, where);
      return undefined;
    } finally {
      this.#busy.delete(key);
    }
  }

  #fail(error: unknown, where: string | null) {
    const blocks = this.view?.screen.kind === 'step' ? this.view.screen.blocks : [];
    const shown = blocks.some((block) => block.id === where);
    this.failure = { problem: asProblem(error, words.unexpected), where: shown ? where : null };
  }
}

/** The same key for the same click; a secret's value is no part of it. */
export function keyOf(action: Action): string {
  if (action.type === 'fill-secret') return `fill-secret/${action.block}`;
  if (action.type === 'examine') return `examine/${action.intake}`;
  return Object.values(action).join('/');
}

function blockOf(action: Action): string | null {
  return 'block' in action ? action.block : null;
}

const KEY = Symbol('session');
export const provideSession = (session: Session) => setContext(KEY, session);
export const useSession = () => getContext<Session>(KEY);
