import { Refusal } from '../refusal.js';

const refusal = (status: number, type: string, message: string): Refusal =>
  new Refusal(status, message, { NeutronError: { type, message, detail: '' } });

/** @param type of the error, `NetworkNotFound` */
export const notFound = (type: string, message: string): Refusal => refusal(404, type, message);

export const badRequest = (message: string, type = 'HTTPBadRequest'): Refusal =>
  refusal(400, type, message);

export const conflict = (type: string, message: string): Refusal => refusal(409, type, message);

export const forbidden = (message: string): Refusal => refusal(403, 'PolicyNotAuthorized', message);

export const unknownNetwork = (id: string): Refusal =>
  notFound('NetworkNotFound', `Network ${id} could not be found.`);

export const unknownSubnet = (id: string): Refusal =>
  notFound('SubnetNotFound', `Subnet ${id} could not be found.`);

export const unknownPort = (id: string): Refusal =>
  notFound('PortNotFound', `Port ${id} could not be found.`);

export const unknownRouter = (id: string): Refusal =>
  notFound('RouterNotFound', `Router ${id} could not be found`);
