/** Runs a check of a request, by a name that users can be told. Fails as the check does. */
export type Step = <Result>(name: string, check: () => Result | Promise<Result>) => Promise<Result>;

/** As requests run that are meant. */
export const unrecorded: Step = async (_name, check) => check();
