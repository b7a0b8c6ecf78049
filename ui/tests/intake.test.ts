// Handing over a file or a text: piece by piece, in order, and not longer than it is wanted.
import { fireEvent, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { fixtures } from '../src/backend/fixtures';
import type { IntakeState, View } from '../src/backend/types';
import { open } from './help';

const PIECE = 256 * 1024;

/** The view of an intake in another state. */
function with_state(name: string, state: IntakeState): View {
  const view = fixtures[name]!;
  if (view.screen.kind === 'doctor') {
    return { ...view, screen: { ...view.screen, intake: { ...view.screen.intake, state } } };
  }
  if (view.screen.kind !== 'step') throw new Error('The fixture is another screen.');
  const blocks = view.screen.blocks.map((block) => (block.kind === 'intake' ? { ...block, state } : block));
  return { ...view, screen: { ...view.screen, blocks } };
}

const reading = (serial: number): IntakeState => ({
  kind: 'reading',
  name: 'x',
  serial,
  doing: 'Reading',
  percent: 0,
});

async function chosen(file: File) {
  const page = await open('mapping-empty');
  page.shell.act.mockImplementation(async (action) =>
    action.type === 'examine'
      ? { ...with_state('mapping-empty', reading(7)), revision: 9 }
      : { ...fixtures['mapping-empty']!, revision: 10 },
  );
  page.shell.feed.mockResolvedValue(true);
  const input = page.find('input[type=file]') as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [file], configurable: true });
  await fireEvent.change(input);
  return page;
}

test('a file is handed over in pieces, and an empty one ends it', async () => {
  const bytes = new Uint8Array(PIECE * 2 + 3).map((_, index) => index % 251);
  const { shell, sent } = await chosen(new File([bytes], 'schema.json'));
  await waitFor(() => expect(shell.feed).toHaveBeenCalledTimes(4));
  expect(sent()[0]).toEqual({
    type: 'examine',
    intake: 'mapping-export',
    name: 'schema.json',
    size: bytes.length,
  });
  const pieces = shell.feed.mock.calls.map(([serial, piece]) => [serial, piece.length]);
  expect(pieces).toEqual([
    [7, PIECE],
    [7, PIECE],
    [7, 3],
    [7, 0],
  ]);
  const all = shell.feed.mock.calls.flatMap(([, piece]) => [...piece]);
  expect(all).toEqual([...bytes]);
});

test('what is no longer wanted is not sent', async () => {
  const page = await open('mapping-empty');
  page.shell.act.mockResolvedValue({ ...with_state('mapping-empty', reading(7)), revision: 9 });
  page.shell.feed.mockResolvedValue(false);
  const input = page.find('input[type=file]') as HTMLInputElement;
  Object.defineProperty(input, 'files', {
    value: [new File([new Uint8Array(PIECE * 3)], 'a.csv')],
    configurable: true,
  });
  await fireEvent.change(input);
  await waitFor(() => expect(page.shell.feed).toHaveBeenCalledTimes(1));
  await new Promise((done) => setTimeout(done, 20));
  expect(page.shell.feed).toHaveBeenCalledTimes(1);
});

test('a file that cannot be read any more is broken off, whichever screen is in front', async () => {
  const file = new File(['x'], 'gone.csv');
  file.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  const { sent } = await chosen(file);
  await waitFor(() => expect(sent().at(-1)).toEqual({ type: 'break-off', serial: 7 }));
});

test('two files that are handed over at once are not mixed', async () => {
  const { shell, session } = await open('doctor');
  const answers: ((view: View) => void)[] = [];
  shell.act.mockImplementation(() => new Promise((done) => answers.push(done)));
  shell.feed.mockResolvedValue(true);
  const both = [
    session.handOver('doctor', 'first', new Blob(['first'])),
    session.handOver('doctor', 'second', new Blob(['second'])),
  ];
  await waitFor(() => expect(answers).toHaveLength(1));
  answers[0]!({ ...with_state('doctor', reading(4)), revision: 9 });
  await Promise.all(both);
  expect(shell.feed.mock.calls.map(([serial, piece]) => [serial, new TextDecoder().decode(piece)])).toEqual([
    [4, 'first'],
    [4, ''],
  ]);
});

test('two remarks of the same weight are both shown', async () => {
  const found = fixtures['mapping-found']!;
  if (found.screen.kind !== 'step') throw new Error('The fixture is another screen.');
  const twice = structuredClone(found);
  const block = twice.screen.kind === 'step' ? twice.screen.blocks[0] : undefined;
  if (block?.kind !== 'intake' || block.state.kind !== 'done') throw new Error('Nothing was found there.');
  const point = (text: string) => ({ label: 'Note', text: [{ style: 'plain' as const, text }] });
  block.state.sheet.sections[0]!.points = [point('One.'), point('Two.')];
  const { container } = await open(twice);
  expect([...container.querySelectorAll('dd')].map((it) => it.textContent)).toEqual(['One.', 'Two.']);
});

test('what was typed is still there after a look at another screen', async () => {
  const { find, push } = await open('doctor');
  await fireEvent.input(find('textarea'), { target: { value: 'half a text' } });
  push(fixtures['doctor-page']!);
  await waitFor(() => expect(find('[data-page]')).toBeInTheDocument());
  push(fixtures.doctor!);
  await waitFor(() => expect(find('textarea')).toHaveValue('half a text'));
});

test('text that is moved within the field stays there', async () => {
  const { shell, find } = await open('doctor');
  const drop = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(drop, 'dataTransfer', {
    value: { files: [], types: ['text/plain'], getData: () => 'a part' },
  });
  find('textarea').dispatchEvent(drop);
  expect(drop.defaultPrevented).toBe(false);
  expect(shell.act).not.toHaveBeenCalled();
});

test('a pasted text goes the same way', async () => {
  const { shell, find, sent } = await open('doctor');
  shell.act.mockResolvedValue({ ...with_state('doctor', reading(3)), revision: 9 });
  shell.feed.mockResolvedValue(true);
  expect(find('[data-do=look]')).toBeDisabled();
  await fireEvent.input(find('textarea'), { target: { value: 'Zażółć 401' } });
  await fireEvent.keyDown(find('textarea'), { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(shell.feed).toHaveBeenCalledTimes(2));
  expect(new TextDecoder().decode(shell.feed.mock.calls[0]![1])).toBe('Zażółć 401');
  expect(sent()[0]).toMatchObject({ type: 'examine', intake: 'doctor', name: 'Pasted text' });
});

test('nothing is taken while something is read', async () => {
  const { shell, find } = await open('people-reading');
  const drop = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(drop, 'dataTransfer', {
    value: { files: [new File(['x'], 'b.csv')], types: ['Files'], getData: () => '' },
  });
  find('[data-intake=people]').dispatchEvent(drop);
  await new Promise((done) => setTimeout(done, 20));
  expect(shell.act).not.toHaveBeenCalled();
  expect(drop.defaultPrevented).toBe(true);
});

test('a dropped text is looked at', async () => {
  const { shell, find } = await open('doctor');
  shell.act.mockResolvedValue({ ...with_state('doctor', reading(4)), revision: 9 });
  const drop = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(drop, 'dataTransfer', {
    value: { files: [], types: ['text/plain'], getData: () => 'AADSTS7000218' },
  });
  find('[data-intake=doctor]').dispatchEvent(drop);
  await vi.waitFor(() => expect(shell.feed).toHaveBeenCalled());
  expect(new TextDecoder().decode(shell.feed.mock.calls[0]![1])).toBe('AADSTS7000218');
});
