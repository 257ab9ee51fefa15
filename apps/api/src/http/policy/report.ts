import { parseArgs } from 'node:util';
import type { Named, Token } from '@jeroboam/openstack/keystone/port';
import { ConfigurationError } from '@jeroboam/platform/config/configuration';
import { RequestContext } from '../auth/request-context.js';
import { Microversion } from '../microversion/microversion.js';
import { Links } from '../routing/links.js';
import { defaultRules } from './default-rules.js';
import { Policy, own } from './policy.js';
import { loadRules, type PolicySettings } from './policy-file.js';
import { PolicyFault, type RuleSet } from './rule-set.js';

export interface Report {
  readonly lines: readonly string[];
  /** 0: allowed, or nothing was asked; 1: not allowed; 2: the policy or the command line will not do. */
  readonly exitCode: 0 | 1 | 2;
}

const usage = [
  'npm run policy:check -- [--file policy.yaml] [--rule cluster:create]… [--role member]…',
  '    [--user ID] [--project ID] [--user-domain ID] [--system] [--target name=value]…',
  '',
  'Reads the policy file (JEROBOAM_POLICY_FILE unless --file is given), names what is wrong with it, and',
  'says which operations somebody with these roles may perform. The target is the caller itself',
  'unless attributes of another are given. Exit code 0: allowed; 1: not allowed; 2: faults.',
];

const options = {
  file: { type: 'string' },
  rule: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  user: { type: 'string', default: 'user' },
  project: { type: 'string', default: 'project' },
  'user-domain': { type: 'string', default: 'default' },
  system: { type: 'boolean', default: false },
  target: { type: 'string', multiple: true },
  help: { type: 'boolean', default: false },
} as const;

const parsed = (words: readonly string[]) => parseArgs({ args: [...words], options }).values;
type Asked = ReturnType<typeof parsed>;

const named = (id: string, domain: string): Named => ({
  id,
  name: id,
  domainId: domain,
  domainName: domain,
});

const tokenOf = (asked: Asked): Token => ({
  user: named(asked.user, asked['user-domain']),
  project: asked.system ? null : named(asked.project, 'default'),
  domain: null,
  systemScope: asked.system,
  roles: (asked.role ?? []).map((name) => ({ id: name, name })),
  isAdminProject: true,
  applicationCredential: null,
  trustId: null,
  methods: [],
  issuedAt: '',
  expiresAt: '',
  catalog: [],
});

const callerOf = (asked: Asked): RequestContext => {
  const facts = {
    requestId: '',
    globalRequestId: null,
    address: '',
    microversion: Microversion.min,
    links: new Links(''),
  };
  return new RequestContext(facts, { hash: '', token: tokenOf(asked) }, '');
};

const attributesOf = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const sign = pair.indexOf('=');
      if (sign < 1) throw new PolicyFault([`--target ${pair}: must be name=value`]);
      return [pair.slice(0, sign), pair.slice(sign + 1)];
    }),
  );

const operations = defaultRules.map(({ name }) => name).filter((name) => name.includes(':'));

const answers = (asked: Asked, rules: RuleSet): Report => {
  const policy = new Policy({ current: () => rules });
  const caller = callerOf(asked);
  const target = { ...own(caller), ...attributesOf(asked.target ?? []) };
  const names = asked.rule ?? operations;
  const unknown = names.filter((name) => !rules.rules.has(name));
  if (unknown.length > 0) throw new PolicyFault(unknown.map((name) => `there is no rule ${name}`));
  const verdicts = names.map((name) => ({ name, yes: policy.allows(caller, name, target) }));
  return {
    lines: [
      ...rules.warnings.map((warning) => `warning  ${warning}`),
      ...verdicts.map(({ name, yes }) => `${yes ? 'allowed' : 'refused'}  ${name}`),
    ],
    exitCode: asked.rule === undefined || verdicts.every(({ yes }) => yes) ? 0 : 1,
  };
};

const isCoded = (error: unknown): error is { code: unknown; message: string } =>
  typeof error === 'object' && error !== null && 'code' in error && 'message' in error;

const faults = (error: unknown): Report => {
  if (error instanceof PolicyFault || error instanceof ConfigurationError)
    return { lines: error.faults, exitCode: 2 };
  // Files that cannot be read, and words nobody knows: Node's own errors carry a code.
  if (isCoded(error)) return { lines: [error.message], exitCode: 2 };
  throw error;
};

/** What the command says to its words. The settings hold unless a file is named. */
export const reportOn = (words: readonly string[], settingsOf: () => PolicySettings): Report => {
  try {
    const asked = parsed(words);
    if (asked.help) return { lines: usage, exitCode: 0 };
    const settings = settingsOf();
    return answers(asked, loadRules({ ...settings, file: asked.file ?? settings.file }));
  } catch (error) {
    return faults(error);
  }
};
