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
  /** What a file says that has little or no effect, a line each. */
  readonly warnings: readonly string[];
}

type Rules = Readonly<Record<string, unknown>>;

export interface RuleSources {
  /** What a policy file says, by name. */
  readonly overrides?: Rules;
  /** Whether what the defaults allowed in older releases is no longer allowed. */
  readonly enforceNewDefaults?: boolean;
  readonly defaults?: readonly DefaultRule[];
  /** Where a file has a name, to begin a line with. */
  readonly placeOf?: (name: string) => string;
}

const shipped = ({ check, deprecatedCheck }: DefaultRule, onlyNew: boolean): string =>
  onlyNew || deprecatedCheck === undefined ? check : `(${check}) or (${deprecatedCheck})`;

/** What a file says of a rule under its older name, unless that is but another word for the rule. */
const saidOfOld = ({ name, deprecatedName }: DefaultRule, overrides: Rules): unknown => {
  const said = deprecatedName === undefined ? undefined : overrides[deprecatedName];
  return said === `rule:${name}` ? undefined : said;
};

type Told = Required<RuleSources>;

/** Text of each rule: the file's, under its name or an older one, else the default. */
const sourcesOf = ({ overrides, enforceNewDefaults, defaults }: Told): Map<string, unknown> => {
  const sources = new Map<string, unknown>(
    defaults.map((rule) => [
      rule.name,
      saidOfOld(rule, overrides) ?? shipped(rule, enforceNewDefaults),
    ]),
  );
  for (const [name, source] of Object.entries(overrides)) sources.set(name, source);
  return sources;
};

const parsed = (sources: ReadonlyMap<string, unknown>, faultOf: FaultOf): Map<string, Rule> => {
  const rules = new Map<string, Rule>();
  for (const [name, source] of sources) {
    try {
      rules.set(name, parseRule(source));
    } catch (error) {
      if (!(error instanceof NotARule)) throw error;
      faultOf(name, error.message);
    }
  }
  return rules;
};

type FaultOf = (name: string, message: string) => void;

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
const checkReferences = (rules: ReadonlyMap<string, Rule>, faultOf: FaultOf): void => {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const rule = rules.get(name);
    if (rule === undefined) {
      if (!rules.has('default')) faultOf(path.at(-1) ?? name, `there is no rule ${name}`);
      return;
    }
    if (path.includes(name)) faultOf(name, 'refers to itself');
    if (done.has(name) || path.includes(name)) return;
    for (const next of namesIn(rule)) walk(next, [...path, name]);
    done.add(name);
  };
  for (const name of rules.keys()) walk(name, []);
};

const warningOfOld = ({ name, deprecatedName = '' }: DefaultRule, overrides: Rules): string =>
  Object.hasOwn(overrides, name)
    ? `${deprecatedName}: is the older name of ${name}, which is there too and counts alone`
    : `${deprecatedName}: is the older name of ${name}, for which it counts: rename it`;

/** Older names, and names that nothing asks about. */
const warningsOf = (
  { defaults, overrides, placeOf }: Told,
  rules: ReadonlyMap<string, Rule>,
): string[] => {
  const referred = new Set([...rules.values()].flatMap(namesIn));
  const known = new Set(defaults.map(({ name }) => name));
  const older = new Map(defaults.map((rule) => [rule.deprecatedName, rule]));
  return Object.keys(overrides).flatMap((name) => {
    const renamed = older.get(name);
    if (renamed !== undefined) return [`${placeOf(name)}${warningOfOld(renamed, overrides)}`];
    if (known.has(name) || referred.has(name) || name === 'default') return [];
    return [`${placeOf(name)}${name}: nothing asks for a rule of that name`];
  });
};

/** Puts the rules together. Throws {@link PolicyFault} with every fault at once. */
export const ruleSetOf = (sources: RuleSources = {}): RuleSet => {
  const told: Told = {
    overrides: {},
    enforceNewDefaults: true,
    defaults: defaultRules,
    placeOf: () => '',
    ...sources,
  };
  const faults: string[] = [];
  const faultOf: FaultOf = (name, message) => {
    faults.push(`${told.placeOf(name)}${name}: ${message}`);
  };
  const rules = parsed(sourcesOf(told), faultOf);
  if (faults.length === 0) checkReferences(rules, faultOf);
  if (faults.length > 0) throw new PolicyFault(faults);
  const scoped = told.defaults.filter(({ projectOnly }) => projectOnly);
  return {
    rules,
    projectOnly: new Set(scoped.map(({ name }) => name)),
    warnings: warningsOf(told, rules),
  };
};
