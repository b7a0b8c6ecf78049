// A language that nobody speaks: English, longer by two fifths and with accents, so that a screen shows what a translation
// would do to it and what of it could not be translated. Its name is the usual one for this.
import { en, type Words } from '../src/lib/words';

const PLAIN = 'aceinosuyACEINOSUY';
const ACCENTED = 'áčéîñöšúýÁČÉÎÑÖŠÚÝ';

/** In brackets, so that a text that was cut off shows. */
export function pseudo(text: string): string {
  if (!/\p{L}/u.test(text)) return text;
  const accented = [...text].map((letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter).join('');
  const longer = Math.ceil(text.length * 0.4);
  return `⟦${accented}${' ~~~~'.repeat(longer).slice(0, longer)}⟧`;
}

function translated(value: unknown): unknown {
  if (typeof value === 'string') return pseudo(value);
  if (typeof value === 'function') return (...given: unknown[]) => pseudo(value(...given) as string);
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, translated(inner)]));
}

// English itself may come after this file.
export const words = /* @__PURE__ */ new Proxy({} as Words, {
  get: (made, key: keyof Words) => ((made[key] as unknown) ??= translated(en[key])),
});
