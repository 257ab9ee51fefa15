import { statSync } from 'node:fs';
import type { Log } from '@jeroboam/platform/logging/log';
import { readPolicy } from './read-policy.js';
import { ruleSetOf, type RuleSet } from './rule-set.js';

export interface PolicySettings {
  /** Overrides in oslo.policy's YAML or JSON; `null`: the defaults only. */
  readonly file: string | null;
  readonly enforceNewDefaults: boolean;
}

/** How often the file is looked at, at most. */
const lookEveryMs = 1000;

/** The rules a file and the defaults make. Throws PolicyFault, or as reading the file does. */
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
