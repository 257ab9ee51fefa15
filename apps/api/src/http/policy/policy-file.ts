import { readFileSync, statSync } from 'node:fs';
import { parse, YAMLError } from 'yaml';
import type { Log } from '@jeroboam/platform/logging/log';
import { PolicyFault, ruleSetOf, type RuleSet } from './rule-set.js';

export interface PolicySettings {
  /** Overrides in oslo.policy's YAML or JSON; `null`: the defaults only. */
  readonly file: string | null;
  readonly enforceNewDefaults: boolean;
}

/** How often the file is looked at, at most. */
const lookEveryMs = 1000;

const overridesOf = (file: string): Readonly<Record<string, unknown>> => {
  const document = parseYaml(file, readFileSync(file, 'utf8'));
  if (document === null || document === undefined) return {};
  if (typeof document === 'object' && !Array.isArray(document))
    return document as Record<string, unknown>;
  throw new PolicyFault([`${file}: must map names of rules to rules`]);
};

const parseYaml = (file: string, text: string): unknown => {
  try {
    return parse(text) as unknown;
  } catch (error) {
    if (error instanceof YAMLError) throw new PolicyFault([`${file}: ${error.message}`]);
    throw error;
  }
};

/** The rules a file and the defaults make. Throws {@link PolicyFault}, or as reading the file does. */
export const loadRules = ({ file, enforceNewDefaults }: PolicySettings): RuleSet =>
  ruleSetOf({ overrides: file === null ? {} : overridesOf(file), enforceNewDefaults });

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
    this.rules = loadRules(settings);
    this.stamp = this.stampOf();
    this.lookedAtMs = this.now();
  }

  current(): RuleSet {
    const now = this.now();
    if (this.settings.file !== null && now - this.lookedAtMs >= lookEveryMs) {
      this.lookedAtMs = now;
      this.follow();
    }
    return this.rules;
  }

  private stampOf(): string {
    if (this.settings.file === null) return '';
    const { mtimeMs, size, ino } = statSync(this.settings.file);
    return `${mtimeMs} ${size} ${ino}`;
  }

  private follow(): void {
    try {
      const stamp = this.stampOf();
      if (stamp === this.stamp) return;
      this.stamp = stamp;
      this.rules = loadRules(this.settings);
      this.log.info('Policy reloaded', { file: this.settings.file });
    } catch (error) {
      this.log.error('Policy could not be reloaded: the rules stay as they were', { err: error });
    }
  }
}
