import grpc from '@grpc/grpc-js';
import {
  AppendTooLarge,
  DeadlinePassed,
  InvalidRequest,
  StreamDeleted,
  WrongExpectedRevision,
  type ExpectedRevision,
} from '../streams/refusals.js';
import { PropertyMissing } from './requests.js';

/** The numbers by which trailers name expectations. */
const EXPECTED = { any: -2, 'no-stream': -1, exists: -4 } as const;

const expectedNumber = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : EXPECTED[expected];

const statusOf = (
  code: grpc.status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): grpc.StatusObject => {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(trailers)) {
    // A trailer is ASCII; a stream's name need not be.
    metadata.set(name, value.replaceAll(/[^\x20-\x7e]/gu, '?'));
  }
  return { code, details, metadata };
};

export const ACCESS_DENIED = statusOf(grpc.status.UNAUTHENTICATED, 'Access Denied', {
  exception: 'access-denied',
});

export const SHUTTING_DOWN = statusOf(grpc.status.UNAVAILABLE, 'the server is shutting down');

/** The status by which the stock clients recognise what went wrong. */
export const toStatus = (error: unknown): grpc.StatusObject => {
  const { FAILED_PRECONDITION, INVALID_ARGUMENT, DEADLINE_EXCEEDED, INTERNAL } = grpc.status;
  if (error instanceof WrongExpectedRevision) {
    return statusOf(FAILED_PRECONDITION, error.message, {
      exception: 'wrong-expected-version',
      'stream-name': error.stream,
      'expected-version': String(expectedNumber(error.expected)),
      'actual-version': error.actual < 0 ? '' : String(error.actual),
    });
  }
  if (error instanceof StreamDeleted) {
    return statusOf(FAILED_PRECONDITION, error.message, {
      exception: 'stream-deleted',
      'stream-name': error.stream,
    });
  }
  if (error instanceof AppendTooLarge) {
    return statusOf(INVALID_ARGUMENT, error.message, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(error.limit),
    });
  }
  if (error instanceof DeadlinePassed) return statusOf(DEADLINE_EXCEEDED, error.message);
  if (error instanceof InvalidRequest) return invalid(error);
  return statusOf(INTERNAL, error instanceof Error ? error.message : String(error));
};

const invalid = (error: InvalidRequest): grpc.StatusObject =>
  statusOf(
    grpc.status.INVALID_ARGUMENT,
    error.message,
    error instanceof PropertyMissing
      ? {
          exception: 'missing-required-metadata-property',
          'required-metadata-properties': error.properties.join(','),
        }
      : {},
  );
