import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Log } from '@jeroboam/platform/logging/log';
import { PolicyFault, ruleSetOf, type RuleSet } from './rule-set.js';

export interface PolicySettings {
  /** Overrides in oslo.policy's YAML or JSON; `null`: the defaults only. */
  readonly file: string | null;
  readonly enforceNewDefaults: boolean;
}

/** How often the file is looked at, at most. */
const lookEveryMs = 1000;

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

const readPolicy = (path: string): Told => {
  const file = basename(path);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
  });
  const faults = document.errors.map(
    ({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`,
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

/** The rules a file and the defaults make. Throws {@link PolicyFault}, or as reading the file does. */
export const loadRules = ({ file, enforceNewDefaults }: PolicySettings): RuleSet =>
  ruleSetOf({ ...(file === null ? {} : readPolicy(file)), enforceNewDefaults });

/** Changes whenever the file does, also when another takes its place. */
const stampOf = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'gone' : `${found.mtimeMs} ${found.size} ${found.ino}`;
};

/** Rules that follow their file. A change that will not do is told of, and the rules stay. */
export class PolicyFile {
  private rules: RuleSet;
  private stamp: string;
  private lookedAtMs: number;

  /** Throws as {@link loadRules} does: nothing runs on rules that are not whole. */
  constructor(
    private readonly settings: PolicySettings,
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {
    // Before the file is read: what changes meanwhile is seen at the next look.
    this.stamp = settings.file === null ? '' : stampOf(settings.file);
    this.rules = this.loaded();
    this.lookedAtMs = this.now();
  }

  current(): RuleSet {
    const now = this.now();
    if (this.settings.file !== null && now - this.lookedAtMs >= lookEveryMs) {
      this.lookedAtMs = now;
      this.follow(this.settings.file);
    }
    return this.rules;
  }

  private loaded(): RuleSet {
    const rules = loadRules(this.settings);
    for (const warning of rules.warnings) this.log.warn('Policy', { warning });
    return rules;
  }

  private follow(file: string): void {
    try {
      const stamp = stampOf(file);
      if (stamp === this.stamp) return;
      this.stamp = stamp;
      this.rules = this.loaded();
      this.log.info('Policy reloaded', { file });
    } catch (error) {
      this.log.error('Policy could not be reloaded: the rules stay as they were', { err: error });
    }
  }
}
