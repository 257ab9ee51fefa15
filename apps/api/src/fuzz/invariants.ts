/** What came back, as far as the invariants look at it. */
export interface FuzzAnswer {
  readonly method: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

/** Nothing of the inside may show: frames of a stack, files, tables. */
const inside = [
  /\n\s+at \S+.*:\d+/,
  /node_modules|node:internal|file:\/\/|\/(?:apps|libs)\/\w+\/(?:src|dist)\//,
  /Traceback|SQLITE|TypeError|RangeError|ReferenceError|Cannot read propert/,
];

type Members = Readonly<Record<string, unknown>>;

const standard = ['request_id', 'code', 'status', 'title', 'detail', 'links'];
const unsupported = ['code', 'title', 'description', 'max_version', 'min_version', 'links'];

const parsed = (payload: string): unknown => {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return undefined;
  }
};

const hasCode = ({ code, title, detail }: Members, status: number): boolean => {
  if (code === '') return [404, 405, 406].includes(status);
  return code === 'client' && detail !== '' && title === String(detail).split('.', 1)[0];
};

const isStandard = (error: Members, status: number): boolean =>
  Object.keys(error).join() === standard.join() &&
  error['status'] === status &&
  hasCode(error, status);

const isUnsupported = (error: Members, status: number): boolean =>
  status === 406 && Object.keys(error).join() === unsupported.join();

/** The one form of errors; 401 and versions out of range have forms of their own. */
const isErrorForm = (body: unknown, status: number): boolean => {
  const { errors, error } = (body ?? {}) as { errors?: unknown; error?: Members };
  if (status === 401) return error?.['code'] === 401;
  if (!Array.isArray(errors) || errors.length !== 1) return false;
  const [one = {}] = errors as Members[];
  return isStandard(one, status) || isUnsupported(one, status);
};

const isJson = ({ headers }: FuzzAnswer): boolean =>
  String(headers['content-type']).startsWith('application/json');

const refusalFault = ({ payload, status }: FuzzAnswer): string | null => {
  const body = parsed(payload);
  if (body === undefined) return 'the body is not JSON';
  return isErrorForm(body, status) ? null : 'not the form of an error';
};

const bodyFault = (answer: FuzzAnswer): string | null => {
  const { method, status, payload } = answer;
  if (method === 'HEAD' || status === 204)
    return payload === '' ? null : 'a body where none may be';
  if (status >= 400) return refusalFault(answer);
  const unreadable = isJson(answer) && payload !== '' && parsed(payload) === undefined;
  return unreadable ? 'the body is not JSON' : null;
};

/** What is wrong with an answer, whatever the question was; `null` when nothing is. */
export const faultOf = (answer: FuzzAnswer): string | null => {
  const { headers, payload, status } = answer;
  if (status >= 500) return 'a failure of the server';
  if (
    !/^req-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(String(headers['x-openstack-request-id']))
  )
    return 'no request id';
  const shown = inside.find((pattern) => pattern.test(payload));
  return shown === undefined ? bodyFault(answer) : `shows its inside: ${shown.source}`;
};
