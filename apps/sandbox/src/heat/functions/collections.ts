import { ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { equalJson, isMap, mapOf, toText } from '../json.js';
import type { Call, Intrinsic } from './intrinsic.js';
import { asList, listArguments, mapArguments, wrongArguments } from './intrinsic.js';

const product = (lists: readonly Json[][]): Json[][] =>
  lists.reduce<Json[][]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );

const inStep = (lists: readonly Json[][]): Json[][] => {
  const length = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== length)) {
    throw new ValidationFailed(
      'For nested loop with permutations disabled, lists must have equal lengths',
    );
  }
  return Array.from({ length }, (_, row) => lists.map((list) => list[row] ?? null));
};

const fill = (template: Json, variables: readonly (readonly [string, Json])[]): Json => {
  if (Array.isArray(template)) return template.map((item) => fill(item, variables));
  if (isMap(template)) {
    return Object.fromEntries(
      Object.entries(template).map(([key, item]) => [
        toText(fill(key, variables)),
        fill(item, variables),
      ]),
    );
  }
  if (typeof template !== 'string') return template;
  const whole = variables.find(([name]) => name === template);
  if (whole !== undefined) return whole[1];
  return variables.reduce((text, [name, value]) => text.replaceAll(name, toText(value)), template);
};

const looped = (value: Json, call: Call): Json[] =>
  isMap(value) ? Object.keys(value) : asList(value, call);

const repeat = (args: Json, call: Call): Json => {
  const { for_each: forEach, template, permutations } = mapArguments(args, call);
  if (forEach === undefined || template === undefined) {
    throw wrongArguments(call, 'a map with keys "for_each" and "template"');
  }
  const over = call.evaluate(forEach);
  if (!isMap(over))
    throw new ValidationFailed('The "for_each" argument to "repeat" must contain a map');
  const names = Object.keys(over);
  const lists = Object.values(over).map((value) => looped(value, call));
  const rows = call.evaluate(permutations ?? true) === false ? inStep(lists) : product(lists);
  return rows.map((row) =>
    call.evaluate(
      fill(
        template,
        names.map((name, column) => [name, row[column] ?? null] as const),
      ),
    ),
  );
};

const mapMerge = (args: Json, call: Call): Json => {
  const merged: JsonMap = {};
  for (const item of listArguments(args, call)) {
    const map = call.evaluate(item);
    if (map === null) continue;
    if (!isMap(map))
      throw new ValidationFailed('Incorrect arguments: Items to merge must be maps.');
    Object.assign(merged, map);
  }
  return merged;
};

const replacedValue = (value: Json, values: JsonMap): Json => {
  const key = value === null || typeof value === 'object' ? undefined : toText(value);
  return key === undefined ? value : (values[key] ?? value);
};

const mapReplace = (args: Json, call: Call): Json => {
  const [source, changes] = listArguments(args, call).map((item) => call.evaluate(item));
  if (!isMap(source) || !isMap(changes)) throw wrongArguments(call, 'a list of two maps');
  const keys = mapOf(changes.keys);
  const values = mapOf(changes.values);
  return Object.fromEntries(
    Object.entries(source).map(([key, value]) => [
      toText(keys[key] ?? key),
      replacedValue(value, values),
    ]),
  );
};

const listConcat = (args: Json, call: Call): Json =>
  listArguments(args, call).flatMap((item) => asList(call.evaluate(item), call));

const listConcatUnique = (args: Json, call: Call): Json => {
  const unique: Json[] = [];
  for (const item of asList(listConcat(args, call), call)) {
    if (!unique.some((seen) => equalJson(seen, item))) unique.push(item);
  }
  return unique;
};

const filter = (args: Json, call: Call): Json => {
  const [unwanted, list] = listArguments(args, call).map((item) =>
    asList(call.evaluate(item), call),
  );
  if (unwanted === undefined || list === undefined)
    throw wrongArguments(call, 'a list of length 2');
  return list.filter((item) => !unwanted.some((other) => equalJson(other, item)));
};

const contains = (args: Json, call: Call): Json => {
  const [value, within] = listArguments(args, call).map((item) => call.evaluate(item));
  if (value === undefined || within === undefined) {
    throw wrongArguments(call, 'of the form: [value1, [value1, value2]]');
  }
  if (typeof within === 'string') return within.includes(toText(value));
  const items = isMap(within) ? Object.keys(within) : asList(within, call);
  return items.some((item) => equalJson(item, value));
};

export const collections: Readonly<Record<string, Intrinsic>> = {
  repeat: { since: '2014-10-16', apply: repeat },
  map_merge: { since: '2016-10-14', apply: mapMerge },
  map_replace: { since: '2016-10-14', apply: mapReplace },
  list_concat: { since: '2017-02-24', apply: listConcat },
  list_concat_unique: { since: '2017-02-24', apply: listConcatUnique },
  filter: { since: '2017-09-01', apply: filter },
  contains: { since: '2017-02-24', apply: contains },
};
