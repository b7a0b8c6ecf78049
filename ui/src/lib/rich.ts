// `**bold**` and `` `code` `` in a sentence, as spans. Text nodes only: nothing in it can become markup.
import type { Span } from '../backend/types';

/** The same without marks, for where no markup can be: the live region. */
export const unmarked = (text: string): string =>
  rich(text)
    .map((span) => span.text)
    .join('');

export function rich(text: string): Span[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part): Span => {
      if (part.startsWith('**') && part.endsWith('**') && part.length > 4) {
        return { style: 'strong', text: part.slice(2, -2) };
      }
      if (part.startsWith('`') && part.endsWith('`') && part.length > 2) {
        return { style: 'code', text: part.slice(1, -1) };
      }
      return { style: 'plain', text: part };
    });
}
