import { Ambiguous, type CloudErrorContext, NotFound } from './errors.js';

/** What was looked for, for the message: `Image`, `x`. */
export interface Sought {
  readonly what: string;
  readonly nameOrId: string;
  readonly context: CloudErrorContext;
}

/** The only one found. NotFound, Ambiguous. */
export const only = <T>(found: readonly T[], { what, nameOrId, context }: Sought): T => {
  const [first, ...others] = found;
  if (first === undefined) {
    throw new NotFound(`${what} ${nameOrId} could not be found.`, context);
  }
  if (others.length > 0) {
    throw new Ambiguous(
      `${found.length} ${what.toLowerCase()}s have the name ${nameOrId}; use an id.`,
      context,
    );
  }
  return first;
};

/** The resource with that id, else the only one with that name. NotFound, Ambiguous. */
export const byIdOrName = <T extends { readonly id: string; readonly name: string | null }>(
  all: readonly T[],
  sought: Sought,
): T =>
  all.find(({ id }) => id === sought.nameOrId) ??
  only(
    all.filter(({ name }) => name === sought.nameOrId),
    sought,
  );
