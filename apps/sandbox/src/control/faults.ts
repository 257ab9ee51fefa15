/** What is done to a request that matches. */
export type FaultAction = 'fail' | 'slow' | 'hang';

export interface FaultRule {
  readonly id: string;
  /** keystone, heat, barbican, glance, nova, neutron, cinder, octavia, or `*`. */
  readonly service: string;
  /** Any when absent. */
  readonly method?: string;
  /** Regular expression, tried on the path behind the service's prefix. */
  readonly path?: string;
  readonly action: FaultAction;
  /** Of `fail`; 500 when absent. */
  readonly status: number;
  /** Of `slow`, in milliseconds. */
  readonly delayMs: number;
  /** How often it still strikes; null is for ever. */
  readonly times: number | null;
  /** How often it has struck. */
  readonly struck: number;
}

/** Faults in force. They live in memory: a restart heals everything. */
export class Faults {
  #rules: FaultRule[] = [];
  #next = 1;

  add(rule: Omit<FaultRule, 'id' | 'struck'>): FaultRule {
    const added = { ...rule, id: String(this.#next++), struck: 0 };
    this.#rules.push(added);
    return added;
  }

  list(): readonly FaultRule[] {
    return this.#rules;
  }

  clear(id?: string): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id);
  }

  /** The first rule that matches, counted as having struck. One used up stays listed, and idle. */
  take(service: string, method: string, path: string): FaultRule | undefined {
    const at = this.#rules.findIndex((rule) => matches(rule, { service, method, path }));
    const rule = this.#rules[at];
    if (!rule) return undefined;
    const times = rule.times === null ? null : rule.times - 1;
    this.#rules[at] = { ...rule, times, struck: rule.struck + 1 };
    return rule;
  }
}

const matches = (
  rule: FaultRule,
  call: { readonly service: string; readonly method: string; readonly path: string },
): boolean =>
  rule.times !== 0 &&
  (rule.service === '*' || rule.service === call.service) &&
  (rule.method === undefined || rule.method.toUpperCase() === call.method) &&
  (rule.path === undefined || new RegExp(rule.path).test(call.path));
