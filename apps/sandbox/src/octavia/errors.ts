import { Refusal } from '../refusal.js';

/** Octavia's form: text that says what, and whose fault it is. */
const refusal = (status: number, faultstring: string): Refusal =>
  new Refusal(status, faultstring, { faultcode: 'Client', faultstring, debuginfo: null });

/** @param what as Octavia calls it, `Load Balancer` */
export const notFound = (what: string, id: string): Refusal =>
  refusal(404, `${what} ${id} not found.`);

export const badRequest = (message: string): Refusal => refusal(400, message);

export const conflict = (message: string): Refusal => refusal(409, message);

export const forbidden = (): Refusal =>
  refusal(403, 'Policy does not allow this request to be performed.');
