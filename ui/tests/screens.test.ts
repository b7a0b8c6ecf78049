// Every fixture is drawn, carries its hooks, and passes axe (contrast is measured by tests/screenshots.mjs).
import { fireEvent } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test, vi } from 'vitest';

import { fixtures } from '../src/backend/fixtures';
import type { Action } from '../src/backend/types';
import names from './fixtures.txt?raw';
import { open } from './help';

test.each(Object.keys(fixtures))('%s is accessible and carries its hooks', async (name) => {
  const { find, container } = await open(name);
  const screen = fixtures[name]!.screen;
  expect(find('main')).toHaveAttribute('data-screen', screen.kind);
  if (screen.kind === 'step') {
    expect(find('main')).toHaveAttribute('data-phase', screen.phase);
    for (const block of screen.blocks) expect(find(`[data-block="${block.id}"]`)).toBeInTheDocument();
    expect(container.querySelectorAll('[aria-current=step]')).toHaveLength(1);
  }
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});

const clicks: [string, string, Action][] = [
  ['home-first', '[data-do=new]', { type: 'new-setup', practice: false }],
  ['home-first', '[data-do=practice]', { type: 'new-setup', practice: true }],
  ['home', '[data-setup=greenlake-entra] [data-do=open]', { type: 'open-setup', setup: 'greenlake-entra' }],
  ['home-unreadable', '[data-do=dismiss]', { type: 'dismiss', notice: 'vault' }],
  ['new-setup', '[data-target=aws] input', { type: 'choose-target', target: 'aws' }],
  ['needs', '[data-do=continue]', { type: 'continue' }],
  ['role', '[data-do=home]', { type: 'home' }],
  ['role', '[data-do=back]', { type: 'back' }],
  ['proxy-done', '[data-go=role]', { type: 'go-to', phase: 'role' }],
  ['finish', '[data-do=runbook]', { type: 'save-runbook' }],
  ['finish', '[data-do=home]', { type: 'home' }],
  ['blocked', '[data-do=try-again]', { type: 'try-again' }],
  ['home', '[data-do=doctor]', { type: 'doctor', class: null }],
  ['home', '[data-do=about]', { type: 'about' }],
  ['home-first', '[data-do=about]', { type: 'about' }],
  ['about', '[data-do=back]', { type: 'back' }],
  ['doctor', '[data-class=quarantine]', { type: 'doctor', class: 'quarantine' }],
  ['doctor-found', '[data-section=nested-group] [data-do=doctor]', { type: 'doctor', class: 'nested-group' }],
  ['doctor-page', '[data-do=back]', { type: 'back' }],
  ['endpoint-corrected', '[data-do=correct]', { type: 'correct', block: 'scim-test-connection' }],
  ['endpoint-corrected', '[data-do=doctor]', { type: 'doctor', class: 'wrong-path' }],
  ['home', '[data-setup=aws-entra] [data-do=arrived]', { type: 'arrived', setup: 'aws-entra' }],
  ['finish', '[data-door=arrived] button', { type: 'arrived', setup: 'greenlake-entra' }],
  [
    'arrived-handed',
    '[data-file="arrived-groups/2"] [data-do=remove]',
    { type: 'put-away', intake: 'arrived-groups/2' },
  ],
  ['arrived-handed', '[data-do=remove-all]', { type: 'put-away', intake: 'arrived-groups' }],
  ['arrived-handed', '[data-do=compare]', { type: 'compare' }],
  ['arrived-comparing', '[data-do=stop-comparing]', { type: 'stop-comparing' }],
  ['arrived-differences', '[data-do=save-differences]', { type: 'save-differences' }],
  ['arrived-differences', '[data-do=compare]', { type: 'compare' }],
  ['arrived-failed', '[data-do=doctor]', { type: 'doctor', class: 'token-expired' }],
  ['arrived-all-there', '[data-do=back]', { type: 'back' }],
  ['people-reading', '[data-do=put-away]', { type: 'put-away', intake: 'people' }],
];
test.each(clicks)('%s: %s', async (name, selector, action) => {
  const { find, sent } = await open(name);
  await fireEvent.click(find(selector));
  await vi.waitFor(() => expect(sent()).toEqual([action]));
});

test('the practice sentence stands across the top', async () => {
  const { find } = await open('proxy-failed');
  expect(find('[data-banner]')).toHaveTextContent('Practice: nothing here reaches a real system.');
});

test('a step that is not needed says so, and where it goes on', async () => {
  const { find } = await open('not-needed');
  expect(find('.lead')).toHaveTextContent('The service’s own guide says');
  // The second one is not needed either.
  expect(find('[data-nothing]')).toHaveTextContent('It goes on with step 3: Base URL and token.');
  expect(find('[data-do=continue]')).toBeEnabled();
});

test('a step with something to do does not say that there is nothing', async () => {
  const { find } = await open('role');
  expect(find('[data-nothing]')).toBeNull();
});

test('a step that was not needed counts neither as proved nor as open', async () => {
  const finish = fixtures.finish!;
  if (finish.screen.kind !== 'finish') throw new Error('The fixture is another screen.');
  const [first, ...others] = finish.screen.proofs;
  const proofs = [{ ...first!, notNeeded: true, proof: 'AWS has no such token.' }, ...others];
  const { find } = await open({ ...finish, screen: { ...finish.screen, proofs } });
  expect(find('ol li')).toHaveTextContent('Not needed. AWS has no such token.');
  expect(find('ol li .dot')).not.toHaveClass('proven');
});

test('the list for the pictures names every fixture', () => {
  const listed = names.trim().split('\n').sort();
  expect(listed).toEqual(Object.keys(fixtures).sort());
});
