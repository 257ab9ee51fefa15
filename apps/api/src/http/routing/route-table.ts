/** Which paths there are and what may be done with them: tells 405 from 404. */
export class RouteTable {
  private readonly methods = new Map<string, Set<string>>();

  /** `pattern` as the router takes it: `/v1/clusters/:id`. */
  add(method: string, pattern: string): void {
    const known = this.methods.get(pattern) ?? new Set();
    this.methods.set(pattern, known.add(method));
  }

  /** Every route: `GET /v1/clusters/:id`. */
  all(): readonly string[] {
    return [...this.methods].flatMap(([pattern, methods]) =>
      [...methods].map((method) => `${method} ${pattern}`),
    );
  }

  /** Methods for a path, sorted; `null` when there is no such path. */
  allowed(path: string): readonly string[] | null {
    if (isAction(path)) return [];
    const asked = path.replace(beyondItemless, '$1');
    const patterns = [...this.methods.keys()].filter((pattern) => matches(pattern, asked));
    return patterns.length > 0 ? this.methodsOf(patterns) : null;
  }

  /** A collection and its items allow the same, as one controller serves both. */
  private methodsOf(patterns: readonly string[]): readonly string[] {
    const found = new Set<string>();
    for (const [pattern, methods] of this.methods)
      if (patterns.some((one) => family(one) === family(pattern)))
        for (const method of methods) found.add(method);
    return [...found].sort();
  }
}

const parts = (path: string): string[] => path.split('/').slice(1);

const matches = (pattern: string, path: string): boolean => {
  const wanted = parts(pattern);
  const given = parts(path);
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith(':') ? given[index] !== '' : part === given[index],
    )
  );
};

/** `/v1/clusters` of `/v1/clusters`, `/v1/clusters/detail` and `/v1/clusters/:id`. */
const family = (pattern: string): string => pattern.replace(/(?:\/(?::[^/]+|detail))+$/, '');

/** Without items of their own these answer for whatever is written behind them. */
const beyondItemless = /^(\/v1\/(?:mservices|stats))\/.*$/;

/** Actions of a cluster, known or not, are 405 where they cannot be asked for, and name no method. */
const isAction = (path: string): boolean =>
  /^\/v1\/(clusters|bays)\/[^/]+\/actions(\/[^/]+)?$/.test(path);
