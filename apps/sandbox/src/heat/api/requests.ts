import { badRequest } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, listOf, mapOf, toText } from '../json.js';
import type { Environment } from '../template/environment.js';
import { emptyEnvironment, mergeEnvironments, readEnvironment } from '../template/environment.js';

/** What a request to create or update a stack asks for. */
export interface StackRequest {
  readonly template?: Json;
  readonly files: Readonly<Record<string, string>>;
  readonly environment: Environment;
  readonly timeoutMins?: number;
  readonly disableRollback?: boolean;
  readonly tags?: readonly string[];
  readonly clearParameters: readonly string[];
}

const environmentOf = (body: JsonMap): Environment => {
  const files = mapOf(body.files);
  const named = listOf(body.environment_files).map((name) => readEnvironment(files[toText(name)]));
  const merged = named.reduce(mergeEnvironments, emptyEnvironment);
  // Clients send the same environment merged as well; the files say it in full.
  const direct = named.length > 0 ? emptyEnvironment : readEnvironment(body.environment);
  const parameters = { ...emptyEnvironment, parameters: mapOf(body.parameters) };
  return mergeEnvironments(mergeEnvironments(merged, direct), parameters);
};

const minutesOf = (body: JsonMap): number | undefined => {
  const given = body.timeout_mins;
  if (given === undefined || given === null) return undefined;
  const minutes = Number(given);
  if (!Number.isInteger(minutes)) {
    throw badRequest("Only integer is acceptable by 'timeout_mins'.");
  }
  return minutes;
};

const tagsOf = (body: JsonMap): string[] | undefined => {
  const given = body.tags;
  if (given === undefined || given === null) return undefined;
  const tags = Array.isArray(given) ? given : toText(given).split(',');
  return tags.map((tag) => toText(tag).trim()).filter((tag) => tag !== '');
};

const flagOf = (body: JsonMap, name: string): boolean | undefined => {
  const given = body[name];
  if (given === undefined || given === null) return undefined;
  const word = toText(given).toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw badRequest(
    `Unrecognized value "${toText(given)}" for "${name}", acceptable values are: true, false.`,
  );
};

const filesOf = (body: JsonMap): Record<string, string> =>
  Object.fromEntries(Object.entries(mapOf(body.files)).map(([name, text]) => [name, toText(text)]));

export const bodyOf = (given: unknown): JsonMap => {
  if (given === undefined || given === null) return {};
  const body = given as Json;
  if (!isMap(body)) throw badRequest('Unexpected request body');
  return body;
};

/** @throws HeatError 400 */
export const readStackRequest = (body: JsonMap): StackRequest => {
  const timeoutMins = minutesOf(body);
  const disableRollback = flagOf(body, 'disable_rollback');
  const tags = tagsOf(body);
  return {
    ...(body.template === undefined ? {} : { template: body.template }),
    files: filesOf(body),
    environment: environmentOf(body),
    clearParameters: listOf(body.clear_parameters).map(toText),
    ...(timeoutMins === undefined ? {} : { timeoutMins }),
    ...(disableRollback === undefined ? {} : { disableRollback }),
    ...(tags === undefined ? {} : { tags }),
  };
};
