/** A service says no: the status and the body it answers over HTTP. Thrown by every service. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    message: string,
    /** What the client sees; an object is sent as JSON, text as HTML. */
    readonly body: object | string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
