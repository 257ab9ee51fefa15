import type { Token } from '@jeroboam/openstack/keystone/port';

/** Types of this service that rules may name. */
const OURS = new Set([
  'container-infra',
  'container-infrastructure',
  'container-infrastructure-management',
]);

/** What stands in a pattern: any number of segments, a segment, or itself. */
const part = /\*\*|\*|\{[^}]*\}|[^*{}]+|[{}]/g;

const isSegment = (found: string): boolean =>
  found === '*' || (found.length > 1 && found.startsWith('{'));

/** For each place in a path, whether what came before may end there. */
type Reached = readonly boolean[];

const pass = (found: string, reached: Reached, path: string): Reached => {
  if (found === '**') {
    const first = reached.indexOf(true);
    return reached.map((_, at) => first >= 0 && at >= first);
  }
  if (!isSegment(found))
    return reached.map((_, at) => {
      const from = at - found.length;
      return reached[from] === true && path.startsWith(found, from);
    });
  const next = [false];
  for (let at = 1; at < reached.length; at++)
    next.push(path[at - 1] !== '/' && (reached[at - 1] === true || next[at - 1] === true));
  return next;
};

/** Not a regular expression: whoever writes a pattern chooses the path too, and could have it tried for hours. */
const isOfShape = (path: string, pattern: string): boolean => {
  const start = Array.from({ length: path.length + 1 }, (_, at) => at === 0);
  const parts = pattern.match(part) ?? [];
  return (
    parts.reduce<Reached>((reached, found) => pass(found, reached, path), start).at(-1) === true
  );
};

/** Whether the application credential a token came from, if any, is good for the request. */
export const isWithinAccessRules = (
  { applicationCredential }: Pick<Token, 'applicationCredential'>,
  request: { readonly method: string; readonly path: string },
): boolean => {
  const rules = applicationCredential?.accessRules ?? null;
  return (
    rules === null ||
    rules.some(
      ({ service, method, path }) =>
        OURS.has(service) && method === request.method && isOfShape(request.path, path),
    )
  );
};
