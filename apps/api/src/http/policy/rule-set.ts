import { defaultRules, type DefaultRule } from './default-rules.js';
import { NotARule, parseRule } from './parse-rule.js';
import type { Rule } from './rule.js';

/** All that is wrong with a policy, a line each. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** Rules in force. */
export interface RuleSet {
  readonly rules: ReadonlyMap<string, Rule>;
  /** Rules that let tokens of a project pass only. */
  readonly projectOnly: ReadonlySet<string>;
}

export interface RuleSources {
  /** What a policy file says, by name. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Whether what the defaults allowed in older releases is no longer allowed. */
  readonly enforceNewDefaults?: boolean;
  readonly defaults?: readonly DefaultRule[];
}

const shipped = ({ check, deprecatedCheck }: DefaultRule, onlyNew: boolean): string =>
  onlyNew || deprecatedCheck === undefined ? check : `(${check}) or (${deprecatedCheck})`;

/** Text of each rule: the file's, under its name or an older one, else the default. */
const sourcesOf = ({
  overrides = {},
  enforceNewDefaults = true,
  defaults = defaultRules,
}: RuleSources): Map<string, unknown> => {
  const sources = new Map<string, unknown>(
    defaults.map((rule) => {
      const older = rule.deprecatedName === undefined ? undefined : overrides[rule.deprecatedName];
      return [rule.name, older ?? shipped(rule, enforceNewDefaults)];
    }),
  );
  for (const [name, source] of Object.entries(overrides)) sources.set(name, source);
  return sources;
};

const parsed = (sources: ReadonlyMap<string, unknown>, faults: string[]): Map<string, Rule> => {
  const rules = new Map<string, Rule>();
  for (const [name, source] of sources) {
    try {
      rules.set(name, parseRule(source));
    } catch (error) {
      if (!(error instanceof NotARule)) throw error;
      faults.push(`${name}: ${error.message}`);
    }
  }
  return rules;
};

const namesIn = (rule: Rule): readonly string[] => {
  switch (rule.kind) {
    case 'rule':
      return [rule.name];
    case 'not':
      return namesIn(rule.rule);
    case 'and':
    case 'or':
      return rule.rules.flatMap(namesIn);
    default:
      return [];
  }
};

/** First rule of a circle of references, found by walking from every rule once. */
const faultsOfReferences = (rules: ReadonlyMap<string, Rule>): string[] => {
  const faults: string[] = [];
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const rule = rules.get(name);
    if (rule === undefined) {
      if (!rules.has('default')) faults.push(`${path.at(-1) ?? name}: there is no rule ${name}`);
      return;
    }
    if (path.includes(name)) faults.push(`${name}: refers to itself`);
    if (done.has(name) || path.includes(name)) return;
    for (const next of namesIn(rule)) walk(next, [...path, name]);
    done.add(name);
  };
  for (const name of rules.keys()) walk(name, []);
  return faults;
};

/** Puts the rules together. Throws {@link PolicyFault} with every fault at once. */
export const ruleSetOf = (sources: RuleSources = {}): RuleSet => {
  const faults: string[] = [];
  const rules = parsed(sourcesOf(sources), faults);
  if (faults.length === 0) faults.push(...faultsOfReferences(rules));
  if (faults.length > 0) throw new PolicyFault(faults);
  const scoped = (sources.defaults ?? defaultRules).filter(({ projectOnly }) => projectOnly);
  return { rules, projectOnly: new Set(scoped.map(({ name }) => name)) };
};
