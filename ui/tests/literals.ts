// Finds what a component says in words of its own instead of in those of src/lib/words.ts.
import { parse } from 'svelte/compiler';

/** Attributes that are read: by eye or by ear. The last ones are those of our own parts. */
const READ = new Set([
  ...[
    'alt',
    'title',
    'placeholder',
    'aria-label',
    'aria-description',
    'aria-roledescription',
    'aria-valuetext',
  ],
  ...['label', 'legend', 'text', 'what', 'question', 'no', 'yes', 'empty', 'doing'],
]);
/** Letters, digits or what stands between sentences; not a dot that hides a letter of a secret. */
const SAID = /[^\s\p{S}•]/u;
/** In a script: more than one word, or one that begins a sentence. What names a thing for the program is neither. */
const PROSE = /\p{L}[,.:;]?\s+\p{L}|^\p{Lu}\p{Ll}+/u;

type Node = { type: string; [key: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function inside(node: Node, skip: string[] = []): Node[] {
  return Object.entries(node)
    .filter(([key]) => !skip.includes(key))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

/** The texts that an expression may become: not what is compared, looked up, or handed to a function. */
function texts(node: Node): string[] {
  switch (node.type) {
    case 'Text':
      return [node.data as string];
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateElement':
      return [(node.value as { cooked: string }).cooked];
    case 'ConditionalExpression':
      return inside(node, ['test']).flatMap(texts);
    case 'BinaryExpression':
      return node.operator === '+' ? inside(node).flatMap(texts) : [];
    case 'MemberExpression':
    case 'CallExpression':
      return [];
    default:
      return inside(node).flatMap(texts);
  }
}

function inMarkup(node: Node): string[] {
  switch (node.type) {
    case 'Text':
    case 'ExpressionTag':
      return texts(node).filter((text) => SAID.test(text));
    case 'StyleDirective':
      return [];
    case 'Attribute': {
      if (!READ.has(node.name as string)) return [];
      const values = [node.value].flat().filter(isNode);
      return values.flatMap(texts).filter((text) => SAID.test(text));
    }
    case 'Comment':
      return [];
    default:
      return inside(node).flatMap(inMarkup);
  }
}

function inScript(node: Node): string[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSTypeAnnotation':
    case 'ThrowStatement':
      return [];
    case 'BinaryExpression':
      if (node.operator !== '+') return [];
      break;
    case 'CallExpression':
      // What is looked for in a text is none.
      if (isNode(node.callee) && isNode(node.callee.property) && node.callee.property.name === 'includes')
        return [];
      break;
    case 'Literal':
    case 'TemplateElement':
      return texts(node).filter((text) => PROSE.test(text));
  }
  return inside(node).flatMap(inScript);
}

/** Everything that is said in one file. */
export function literals(file: string, source: string): string[] {
  const svelte = file.endsWith('.svelte');
  const ast = parse(svelte ? source : `<script lang="ts">\n${source}\n</script>`, { modern: true });
  const scripts = [ast.instance, ast.module].filter((script) => script != null);
  return [
    ...inMarkup(ast.fragment as unknown as Node),
    ...scripts.flatMap((script) => inScript(script.content as unknown as Node)),
  ].map((text) => text.trim());
}
