// A tone as a drawing and as words: nothing is told by colour alone.
import type { Tone } from '../backend/types';
import type { IconName } from '../parts/Icon.svelte';
import { words } from './words';

const signs: Record<Tone, IconName | null> = { good: 'check', warn: 'warn', bad: 'cross', neutral: null };
const says: Record<Tone, string> = {
  good: words.check.good,
  warn: words.check.warn,
  bad: words.check.bad,
  neutral: '',
};
export const looks = { signs, says };
