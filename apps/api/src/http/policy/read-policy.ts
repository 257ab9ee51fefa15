import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { PolicyFault } from './rule-set.js';

/** What a file says, and the line each name stands on. */
interface Told {
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly placeOf: (name: string) => string;
}

const linesOf = ({ contents }: Document, lines: LineCounter): ReadonlyMap<string, number> =>
  new Map(
    isMap(contents)
      ? contents.items.map(({ key }) =>
          isScalar(key) ? [String(key.value), lines.linePos(key.range?.[0] ?? 0).line] : ['', 0],
        )
      : [],
  );

const valueOf = (document: Document, file: string): unknown => {
  try {
    return document.toJS();
  } catch (error) {
    // An alias of nothing, or of too much.
    throw new PolicyFault([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
};

interface Fault {
  readonly at: number;
  readonly message: string;
}

/** A `!` without quotes is a tag of YAML, and what it stands before would be empty: let everybody. */
const tagsIn = (document: Document): readonly Fault[] => {
  const found: Fault[] = [];
  visit(document, (_key, node) => {
    if (isNode(node) && node.tag !== undefined)
      found.push({ at: node.range?.[0] ?? 0, message: `${node.tag} must be within quotes` });
  });
  return found;
};

const faultsOf = (document: Document): readonly Fault[] => {
  const errors = document.errors.map(({ message, pos }) => ({ at: pos[0], message }));
  return errors.length > 0 ? errors : tagsIn(document);
};

/** Reads a policy file. Throws {@link PolicyFault}, or as reading the file does. */
export const readPolicy = (path: string): Told => {
  const file = basename(path);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
  });
  const faults = faultsOf(document).map(
    ({ at, message }) => `${file}:${lines.linePos(at).line}: ${message}`,
  );
  if (faults.length > 0) throw new PolicyFault(faults);
  const overrides = valueOf(document, file) ?? {};
  if (typeof overrides !== 'object' || Array.isArray(overrides))
    throw new PolicyFault([`${file}: must map names of rules to rules`]);
  const known = linesOf(document, lines);
  const placeOf = (name: string): string => {
    const line = known.get(name);
    return line === undefined ? '' : `${file}:${line}: `;
  };
  return { overrides: overrides as Record<string, unknown>, placeOf };
};
