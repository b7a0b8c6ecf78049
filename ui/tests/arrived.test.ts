// Who arrived: only the rows in sight are in the page, whatever their number; filters and the search ask anew, and what
// comes late does not mix with what is shown.
import { fireEvent, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { fixtures } from '../src/backend/fixtures';
import type { Rows, View } from '../src/backend/types';
import { Differences } from '../src/lib/differences.svelte';
import { TALLEST, height, inSight, scrollTo } from '../src/lib/rowwindow';
import { open } from './help';

const table = (total: number) => ({ total, row: 36, view: 360 });

test('only what is in sight is drawn, from the first row to the last', () => {
  for (const total of [0, 1, 9, 137, 100_000, 5_000_000]) {
    const it = table(total);
    const most = Math.max(0, height(it) - it.view);
    for (const part of [0, 0.001, 0.5, 0.999, 1]) {
      const { first, end, shift } = inSight(it, most * part);
      expect(end - first, `${total} at ${part}`).toBeLessThanOrEqual(28);
      if (total === 0) continue;
      const above = first * it.row + shift;
      // What is drawn covers what is in sight.
      expect(above).toBeLessThanOrEqual(most * part + 0.01);
      expect(end * it.row + shift).toBeGreaterThanOrEqual(Math.min(most * part + it.view, height(it)) - 0.01);
    }
    expect(inSight(it, 0).first).toBe(0);
    expect(inSight(it, most).end).toBe(total);
  }
});

test('a table that is taller than a page can be reaches its every row', () => {
  const it = table(5_000_000);
  expect(height(it)).toBe(TALLEST);
  for (const index of [0, 1, 4711, 2_500_000, 4_999_998, 4_999_999]) {
    for (const from of [0, TALLEST / 2, TALLEST - it.view]) {
      const scroll = scrollTo(it, from, index);
      expect(scroll).toBeGreaterThanOrEqual(0);
      expect(scroll).toBeLessThanOrEqual(TALLEST - it.view + 0.001);
      const { first, end, shift } = inSight(it, scroll);
      expect(index).toBeGreaterThanOrEqual(first);
      expect(index).toBeLessThan(end);
      // Not only drawn: in sight.
      const place = index * it.row + shift - scroll;
      expect(place).toBeGreaterThanOrEqual(-1);
      expect(place + it.row).toBeLessThanOrEqual(it.view + 1);
    }
  }
});

test('what is in sight already is not scrolled to', () => {
  expect(scrollTo(table(1000), 100, 5)).toBe(100);
  expect(scrollTo(table(1000), 100, 0)).toBe(0);
  expect(scrollTo(table(1000), 0, 10)).toBe(36);
});

/** jsdom lays nothing out. */
function tall(grid: HTMLElement) {
  let top = 0;
  Object.defineProperty(grid, 'scrollTop', {
    get: () => top,
    set: (to: number) => {
      if (to === top) return;
      top = to;
      grid.dispatchEvent(new Event('scroll'));
    },
  });
}

async function many() {
  const page = await open('arrived-many');
  await waitFor(() => expect(page.find('[data-row="0"] [role=gridcell]')).toBeInTheDocument());
  const grid = page.find('[role=grid]');
  tall(grid);
  return { ...page, grid };
}

test('of 100,000 rows some are in the page, and the table says how many there are', async () => {
  const { grid, container, shell } = await many();
  expect(grid).toHaveAttribute('aria-rowcount', '100011');
  expect(container.querySelectorAll('[data-row]').length).toBeLessThan(40);
  expect(shell.rows).toHaveBeenCalledTimes(1);
  expect(container.querySelector('[data-row="0"]')).toHaveAttribute('aria-rowindex', '2');
});

test('from row to row by keyboard, to the end and back; the selected one is explained', async () => {
  const { grid, find, shell } = await many();
  grid.focus();
  await fireEvent.keyDown(grid, { key: 'ArrowDown' });
  expect(find('[data-row="0"]')).toHaveAttribute('aria-selected', 'true');
  expect(grid.getAttribute('aria-activedescendant')).toBe(find('[data-row="0"]').id);
  expect(find('[data-detail]')).toHaveTextContent('ada.000000@northwind.example');
  await fireEvent.keyDown(grid, { key: 'ArrowDown' });
  await fireEvent.keyDown(grid, { key: 'End' });
  await waitFor(() => expect(find('[data-row="100009"]')).toHaveAttribute('aria-selected', 'true'));
  expect(find('[data-row="100009"]')).toHaveAttribute('aria-rowindex', '100011');
  // Those between were never asked for.
  await waitFor(() => expect(find('[data-detail]')).toHaveTextContent('Member not expected'));
  expect(shell.rows.mock.calls.length).toBeLessThan(5);
  await fireEvent.keyDown(grid, { key: 'ArrowDown' });
  expect(find('[data-row="100009"]')).toHaveAttribute('aria-selected', 'true');
  await fireEvent.keyDown(grid, { key: 'Home' });
  await waitFor(() => expect(find('[data-row="0"]')).toHaveAttribute('aria-selected', 'true'));
  await fireEvent.keyDown(grid, { key: 'PageDown' });
  await waitFor(() => expect(find('[aria-selected=true]')).not.toHaveAttribute('data-row', '0'));
});

test('kinds are switched by keyboard, said with their number, and ask for other rows', async () => {
  const user = userEvent.setup();
  const { find, shell, live, getByRole } = await open('arrived-differences');
  await waitFor(() => expect(find('[data-row="0"]')).toBeInTheDocument());
  const chip = getByRole('button', { name: 'Value differs 20' });
  expect(chip).toHaveAttribute('aria-pressed', 'false');
  chip.focus();
  await user.keyboard('{Enter}');
  expect(chip).toHaveAttribute('aria-pressed', 'true');
  await waitFor(() => expect(find('[data-shown]')).toHaveTextContent('20 of 137 shown'));
  expect(shell.rows).toHaveBeenLastCalledWith(1, { kinds: ['attribute'], text: '' }, 0, 100);
  await waitFor(() => expect(live()).toContain('20 of 137 shown'));
  await user.click(getByRole('button', { name: 'Switched off 9' }));
  await waitFor(() => expect(find('[data-shown]')).toHaveTextContent('29 of 137 shown'));
  await user.click(find('[data-kind=""]'));
  await waitFor(() => expect(find('[data-shown]')).toHaveTextContent('137 differences'));
  expect(chip).toHaveAttribute('aria-pressed', 'false');
});

test('the search waits until the typing rests', async () => {
  vi.useFakeTimers();
  const { find, shell } = await open('arrived-differences');
  await vi.advanceTimersByTimeAsync(10);
  shell.rows.mockClear();
  const field = find('[data-search]') as HTMLInputElement;
  for (const text of ['c', 'cl', 'cle', 'cleo']) {
    await fireEvent.input(field, { target: { value: text } });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(shell.rows).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(300);
  expect(shell.rows).toHaveBeenCalledTimes(1);
  expect(shell.rows).toHaveBeenLastCalledWith(1, { kinds: [], text: 'cleo' }, 0, 100);
  await fireEvent.input(field, { target: { value: 'nobody of this name' } });
  await vi.advanceTimersByTimeAsync(300);
  expect(find('[data-rows]')).toBeNull();
  expect(find('main')).toHaveTextContent('Nothing fits this filter.');
  await fireEvent.click(find('[data-do=show-all]'));
  await vi.advanceTimersByTimeAsync(10);
  expect(find('[data-rows]')).toHaveAttribute('data-rows', '137');
  expect(field).toHaveValue('');
  vi.useRealTimers();
});

test('an answer to an older filter is not shown', async () => {
  const answers: ((rows: Rows) => void)[] = [];
  const backend = { rows: () => new Promise<Rows>((done) => answers.push(done)) };
  const differences = new Differences(backend as never);
  const rows = (total: number): Rows => ({ total, from: 0, rows: [] });
  differences.show(1);
  answers[0]!(rows(10));
  await waitFor(() => expect(differences.total).toBe(10));
  differences.search('a');
  differences.search('ab');
  answers[2]!(rows(2));
  await waitFor(() => expect(differences.total).toBe(2));
  answers[1]!(rows(7));
  await new Promise((done) => setTimeout(done, 5));
  expect(differences.total).toBe(2);
});

test('what was scrolled past is not asked for, and one page at a time', async () => {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const backend = {
    rows: (_: number, __: unknown, from: number) => {
      asked.push(from);
      return new Promise<Rows>((done) => answers.push(() => done({ total: 100_000, from, rows: [] })));
    },
  };
  const differences = new Differences(backend as never);
  differences.show(1);
  answers[0]!();
  await waitFor(() => expect(differences.total).toBe(100_000));
  differences.want(500, 530);
  for (let at = 1_000; at < 90_000; at += 1_000) differences.want(at, at + 30);
  expect(asked).toEqual([0, 500]);
  answers[1]!();
  await waitFor(() => expect(asked).toEqual([0, 500, 89_000]));
});

test('rows that cannot be had are said, and the rest goes on', async () => {
  const page = await open('arrived-differences');
  await waitFor(() => expect(page.find('[data-row="0"]')).toBeInTheDocument());
  page.shell.rows.mockRejectedValueOnce({ code: 'wrong_input', message: 'Another comparison.', hints: [] });
  await fireEvent.click(page.find('[data-kind=missing]'));
  await waitFor(() => expect(page.find('main')).toHaveTextContent('Another comparison.'));
  await fireEvent.click(page.find('[data-kind=""]'));
  await waitFor(() => expect(page.find('main')).not.toHaveTextContent('Another comparison.'));
});

test('a filter and the selected row are still there after a look at another screen', async () => {
  const { find, push } = await open('arrived-differences');
  await waitFor(() => expect(find('[data-row="0"]')).toBeInTheDocument());
  await fireEvent.click(find('[data-kind=attribute]'));
  await waitFor(() => expect(find('[data-shown]')).toHaveTextContent('20 of 137'));
  await fireEvent.click(find('[data-row="1"]'));
  push(fixtures['doctor-page']!);
  await waitFor(() => expect(find('[data-page]')).toBeInTheDocument());
  push(fixtures['arrived-differences']!);
  await waitFor(() => expect(find('[data-row="1"]')).toHaveAttribute('aria-selected', 'true'));
  expect(find('[data-kind=attribute]')).toHaveAttribute('aria-pressed', 'true');
  // Those of another comparison begin anew.
  push(fixtures['arrived-long']!);
  await waitFor(() => expect(find('[data-rows]')).toHaveAttribute('data-rows', '4'));
  expect(find('[aria-selected=true]')).toBeNull();
  expect(find('[data-kind=""]')).toHaveAttribute('aria-pressed', 'true');
});

test('several files are handed over one after the other, each to its own place', async () => {
  const page = await open('arrived-handed');
  const screen = fixtures['arrived-handed']!.screen;
  if (screen.kind !== 'arrived') throw new Error('The fixture is another screen.');
  let begun = 20;
  page.shell.act.mockImplementation(async (action): Promise<View> => {
    const serial = begun++;
    const name = action.type === 'examine' ? action.name : '';
    const files = [
      ...screen.groups.files,
      {
        id: `arrived-groups/${serial}`,
        file: name,
        name: '',
        state: { kind: 'reading' as const, serial, doing: '' },
      },
    ];
    return {
      ...fixtures['arrived-handed']!,
      revision: serial,
      screen: { ...screen, groups: { ...screen.groups, files } },
    };
  });
  page.shell.feed.mockResolvedValue(true);
  const input = page.find('[data-intake=arrived-groups] input[type=file]') as HTMLInputElement;
  const files = ['one', 'two', 'three'].map((text) => new File([text], `${text}.csv`));
  Object.defineProperty(input, 'files', { value: files, configurable: true });
  await fireEvent.change(input);
  await waitFor(() => expect(page.shell.feed).toHaveBeenCalledTimes(6));
  const fed = page.shell.feed.mock.calls.map(([serial, piece]) => [serial, new TextDecoder().decode(piece)]);
  expect(fed).toEqual([
    [20, 'one'],
    [20, ''],
    [21, 'two'],
    [21, ''],
    [22, 'three'],
    [22, ''],
  ]);
});

test('a name of a group is sent after a pause, and before anything else', async () => {
  const { find, sent } = await open('arrived-handed');
  const field = find('[data-file="arrived-groups/1"] input');
  await fireEvent.input(field, { target: { value: 'Another name' } });
  await fireEvent.click(find('[data-do=compare]'));
  await waitFor(() => expect(sent()).toHaveLength(2));
  expect(sent()).toEqual([
    { type: 'name-group', file: 'arrived-groups/1', name: 'Another name' },
    { type: 'compare' },
  ]);
});
