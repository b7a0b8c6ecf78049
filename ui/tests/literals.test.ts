// Everything that the screen says in its own voice stands in one place, ready for another language.
import { expect, test } from 'vitest';

import { literals } from './literals';

const sources = import.meta.glob<string>(
  ['../src/**/*.{svelte,ts}', '!../src/backend/**', '!../src/lib/words.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

test('no component and no script says anything in words of its own', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  const found = Object.entries(sources).map(([file, source]) => [file, literals(file, source)] as const);
  expect(found.filter(([, said]) => said.length > 0)).toEqual([]);
});

test.each([
  ['<p>Not here</p>', 'Not here'],
  ['<p>{name}: {value}</p>', ':'],
  ['<button aria-label="Close">×</button>', 'Close'],
  ['<button title={busy ? "Wait" : name}></button>', 'Wait'],
  ['<button aria-label={`${verb} it`}></button>', 'it'],
  ['<button aria-label={"Stop " + name}></button>', 'Stop'],
  ['<p>{count === 1 ? "one" : name}</p>', 'one'],
  ['<script lang="ts">session.say("It is done.");</script>', 'It is done.'],
  ['<script lang="ts">const title = `Step ${number}`;</script>', 'Step'],
])('%s would be found', (source, said) => {
  expect(literals('Part.svelte', source)).toContain(said);
});

test.each([
  '<p class="meta warn" data-do="close">{words.close}</p>',
  '<p>{kind === "running" ? words.wait : name}</p>',
  '<span class="dots">••••</span>',
  '<script lang="ts">if (event.key === "Escape") close("remove");</script>',
])('%s says nothing', (source) => {
  expect(literals('Part.svelte', source)).toEqual([]);
});
