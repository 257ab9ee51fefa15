import type { Token } from '@jeroboam/openstack/keystone/port';

/** Types of this service that rules may name. */
const OURS = new Set([
  'container-infra',
  'container-infrastructure',
  'container-infrastructure-management',
]);

/** What stands in a pattern: any number of segments, a segment, or itself. */
const part = /\*\*|\*|\{[^}]*\}|[^*{}]+|[{}]/g;

const shapeOf = (pattern: string): RegExp => {
  const shape = pattern.replaceAll(part, (found) => {
    if (found === '**') return '.*';
    if (found === '*' || (found.length > 1 && found.startsWith('{'))) return '[^/]+';
    return found.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`);
  });
  return new RegExp(`^${shape}$`);
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
        OURS.has(service) && method === request.method && shapeOf(path).test(request.path),
    )
  );
};
