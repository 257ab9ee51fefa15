import { str } from '../python/repr.js';

/** What goes over the wire instead of a result. A string body is sent as plain text. */
export interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the microversion headers stay: upstream sends none with answers of its framework. */
  readonly versioned: boolean;
}

/** An error that knows its answer. All others go through `toAnswer`. */
export abstract class AnsweredFault extends Error {
  abstract answer(): Answer;
}

type Code = 'client' | 'server' | '';

export interface ErrorText {
  readonly status: number;
  readonly code: Code;
  readonly title: string;
  readonly detail: string;
}

/** The standard error object: exactly these members in this order. */
export const errorBody = ({ status, code, title, detail }: ErrorText): object => ({
  errors: [{ request_id: '', code, status, title, detail, links: [] }],
});

/** Message up to its first full stop. */
export const titleOf = (message: string): string => message.split('.', 1)[0] ?? '';

/** A refusal with a status of its own, raised while a request is handled. */
export class Fault extends AnsweredFault {
  override readonly name = 'Fault';

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  answer(): Answer {
    const { status, message, headers } = this;
    const code = status < 500 ? 'client' : 'server';
    const body = errorBody({ status, code, title: titleOf(message), detail: message });
    return { status, body, headers, versioned: true };
  }
}

const frameworkTitles = {
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
} as const;

/** The request did not reach a handler. `detail` is empty for 404 and 405. */
export class NoRoute extends AnsweredFault {
  override readonly name = 'NoRoute';

  constructor(
    readonly status: keyof typeof frameworkTitles,
    readonly detail = '',
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail || frameworkTitles[status]);
  }

  answer(): Answer {
    const { status, detail, headers } = this;
    const body = errorBody({ status, code: '', title: frameworkTitles[status], detail });
    return { status, body, headers, versioned: false };
  }
}

/** A member of the body, an argument of the query or the body itself does not fit: 400. */
export class InvalidInput extends Fault {
  constructor(
    readonly field: string,
    value: unknown,
    reason: string,
  ) {
    super(400, `Invalid input for field/attribute ${field}. Value: '${str(value)}'. ${reason}`);
  }
}

/** 400 for a query parameter, or a body member where no body is expected. */
export const unknownArgument = (name: string): Fault =>
  new Fault(400, `Unknown argument: "${name}"`);

/** 400 for an empty body where one is needed, or a path that stops short. */
export const missingArgument = (name: string): Fault =>
  new Fault(400, `Missing argument: "${name}"`);
