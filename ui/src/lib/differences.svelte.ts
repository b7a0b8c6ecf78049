// The rows of a comparison, as far as somebody looks at them: asked for page by page, by filter, and kept while one is
// elsewhere. All of them stay in the core.
import { SvelteMap } from 'svelte/reactivity';

import type { Backend } from '../backend';
import type { DifferenceRow, Problem, RowFilter } from '../backend/types';
import { asProblem } from './kinds';
import { words } from './words';

const PAGE = 100;
/** Pages that are kept; those that were not looked at for the longest time go first. */
const KEPT = 50;

export class Differences {
  /** Which comparison. */
  serial = $state(0);
  /** Kinds that are shown; all, if none is chosen. */
  kinds = $state.raw<string[]>([]);
  text = $state('');
  /** Rows that the filter leaves; null until that is known. */
  total = $state.raw<number | null>(null);
  selected = $state.raw<number | null>(null);
  /** The rows belong to an older filter: the answer to the new one is on its way. */
  stale = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Where the table was scrolled to. */
  scroll = 0;

  #backend: Backend;
  #pages = new SvelteMap<number, DifferenceRow[]>();
  #wanted: { first: number; end: number } | null = null;
  #loading = false;
  /** Grows with each filter; an answer to an older one is dropped. */
  #filter = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The rows of this comparison, unless they are shown already. */
  show(serial: number) {
    if (serial === this.serial) return;
    this.serial = serial;
    this.kinds = [];
    this.text = '';
    this.total = null;
    this.#pages.clear();
    this.refresh();
  }

  toggle(kind: string) {
    this.kinds = this.kinds.includes(kind) ? this.kinds.filter((it) => it !== kind) : [...this.kinds, kind];
    this.refresh();
  }

  all() {
    this.kinds = [];
    this.refresh();
  }

  clear() {
    this.text = '';
    this.all();
  }

  search(text: string) {
    if (text === this.text) return;
    this.text = text;
    this.refresh();
  }

  at(index: number): DifferenceRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** What is in sight. One page is asked for at a time, the nearest; what was scrolled past meanwhile is not. */
  async want(first: number, end: number) {
    this.#wanted = { first, end };
    if (this.#loading || this.stale) return;
    this.#loading = true;
    for (let page = this.#missing(); page !== null && !this.stale; page = this.#missing()) {
      if (!(await this.#load(page))) break;
    }
    this.#loading = false;
  }

  /** Begins anew at the first row, by the filter as it is now. */
  async refresh() {
    const filter = ++this.#filter;
    this.stale = true;
    const answer = await this.#ask(0);
    if (filter !== this.#filter) return;
    this.stale = false;
    if (!answer) return;
    this.scroll = 0;
    this.selected = null;
    this.#wanted = null;
    this.#pages.clear();
    this.#pages.set(0, answer.rows);
    this.total = answer.total;
  }

  #missing(): number | null {
    if (!this.#wanted || this.total === null) return null;
    const last = Math.min(this.#wanted.end, this.total) - 1;
    for (let page = Math.floor(this.#wanted.first / PAGE); page * PAGE <= last; page++) {
      if (!this.#pages.has(page)) return page;
    }
    return null;
  }

  async #load(page: number): Promise<boolean> {
    const filter = this.#filter;
    const answer = await this.#ask(page * PAGE);
    if (filter !== this.#filter || !answer) return false;
    this.#pages.set(page, answer.rows);
    // The selected row is shown in full below the table, wherever that is scrolled to.
    const chosen = this.selected === null ? -1 : Math.floor(this.selected / PAGE);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      if (oldest !== page && oldest !== chosen) this.#pages.delete(oldest);
    }
    return true;
  }

  async #ask(from: number) {
    const filter: RowFilter = { kinds: [...this.kinds], text: this.text };
    try {
      const answer = await this.#backend.rows(this.serial, filter, from, PAGE);
      this.problem = null;
      return answer;
    } catch (error) {
      this.problem = asProblem(error, words.unexpected);
      return null;
    }
  }
}
