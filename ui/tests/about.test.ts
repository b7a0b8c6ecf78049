// The screen about the program itself: what is copied is what is shown, and only ids are sent.
import { fireEvent } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { fixtures } from '../src/backend/fixtures';
import { open } from './help';

test('the diagnostics are shown as they stand before they are copied by their id', async () => {
  const { find, shell, live } = await open('about');
  const screen = fixtures.about!.screen;
  if (screen.kind !== 'about') throw new Error('The fixture is another screen.');
  expect(find('[data-diagnostics]').textContent).toBe(screen.diagnostics.value);
  await fireEvent.click(find('[data-do=copy-diagnostics]'));
  await vi.waitFor(() => expect(live()).toContain('copied'));
  expect(shell.copy.mock.calls).toEqual([['diagnostics']]);
});

test('the data folder is opened by its id, and what has no place has no button', async () => {
  const { find, container, shell } = await open('about');
  expect(find('[data-point="Data folder"]')).toHaveTextContent('/home/ada/.local/share/usher');
  expect(container.querySelectorAll('[data-do=open-folder]')).toHaveLength(1);
  await fireEvent.click(find('[data-point="Data folder"] [data-do=open-folder]'));
  await vi.waitFor(() => expect(shell.openLink.mock.calls).toEqual([['data-folder']]));
});

test('the build is named where it is known', async () => {
  expect((await open('about')).find('[data-version]').textContent).toBe('Version 0.1.0');
  expect((await open('about-packaged')).find('[data-version]')).toHaveTextContent('built from 59807616e1fa');
});

test('Alt and the left arrow lead back', async () => {
  const { sent } = await open('about');
  await fireEvent.keyDown(window, { key: 'ArrowLeft', altKey: true });
  await vi.waitFor(() => expect(sent()).toEqual([{ type: 'back' }]));
});
