import { rotateKeyset } from '../../domain/keyset';
import { parseRefreshKeyset, parseSigningKeyset } from '../../domain/keyset-format';
import { RefreshKeyset, SigningKeyset } from '../../domain/model';
import { acceptedValues, OriginKeyset, parseOriginKeyset, rotateOriginKeyset } from '../../domain/origin-secret';
import { rotateRefreshKeyset } from '../../domain/refresh-keyset';
import { OriginHeader } from '../../ports/origin';
import { CommonKeyDeps, KeyOperationDeps } from './deps';
import { isPublishable, publishKeyset, withoutWithdrawnKeys } from './publication';

/** In the audit log. */
export type KeysetName = 'signing_keys' | 'refresh_keys' | 'origin_secret' | 'lookup_secret';

/** What the rotation has to know of the three kinds of keyset. */
export interface KeysetKind<K> {
  readonly name: KeysetName;
  readonly secretId: string;
  parse(json: string): K;
  /** The keyset that follows. */
  rotate(keyset: K): Promise<K>;
  /** Whether a keyset made earlier can still become current, apart from what it was made from. */
  usable(keyset: K): Promise<boolean>;
  /** Makes known what others must know before the keyset becomes current. Idempotent. */
  publish(keyset: K): Promise<'published' | 'superseded'>;
  /** Whether its keys do what keys do. */
  check(keyset: K): Promise<boolean>;
}

/**
 * A keyset says when the key that it retires goes, counted from when the keyset was made, while that key goes on until it is current. So a
 * rotation that was interrupted for longer than this makes a new one; the day that keys stay on beside their tokens covers an hour.
 */
const KEEPS_MS = 60 * 60 * 1000;

export function signingKind(deps: KeyOperationDeps): KeysetKind<SigningKeyset> {
  const { factory, clock, settings } = deps;
  return {
    name: 'signing_keys',
    secretId: settings.signingSecret,
    parse: parseSigningKeyset,
    async rotate(keyset) {
      const published = await deps.published.readPublishedKeys();
      const rest = await withoutWithdrawnKeys(deps, keyset, published);
      // An emergency took the active key away: going on to `next` is this rotation.
      if (rest && rest.active.kid !== keyset.active.kid) return rest;
      const now = clock.now();
      const newNext = await factory.signingKey(settings.algorithm, now);
      return rotateKeyset(
        rest ?? keyset,
        { newNext, publicJwkOf: factory.publicJwk.bind(factory), publishedVersion: published?.version, accessTtlSeconds: settings.accessTokenTtl },
        now,
      );
    },
    usable: async (keyset) => clock.now() - keyset.next.createdAt <= KEEPS_MS && isPublishable(keyset, await deps.published.readPublishedKeys()),
    publish: (keyset) => publishKeyset(deps, keyset),
    check: async (keyset) => await factory.check(keyset.active) && await factory.check(keyset.next),
  };
}

/** Refresh keys are shared secrets: nothing is published. */
export function refreshKind(deps: CommonKeyDeps): KeysetKind<RefreshKeyset> {
  const { factory, clock, settings } = deps;
  return {
    name: 'refresh_keys',
    secretId: settings.refreshSecret,
    parse: parseRefreshKeyset,
    async rotate(keyset) {
      const now = clock.now();
      return rotateRefreshKeyset(keyset, factory.refreshKey(now), settings.sessionTtl, now);
    },
    usable: async ({ keys: [current] }) => current !== undefined && clock.now() - current.createdAt <= KEEPS_MS,
    publish: async () => 'published',
    // The reader has checked length and alphabet; a key of an HMAC has no other property to try.
    check: async () => true,
  };
}

/**
 * The origin secret is published by having CloudFront send it. Functions have let the new value in since it was `next`, so it does not
 * matter when which edge location begins.
 */
export function originKind({ factory }: CommonKeyDeps, secretId: string, header: OriginHeader): KeysetKind<OriginKeyset> {
  const letsIn = (keyset: OriginKeyset, values: readonly string[]): boolean => values.every((value) => acceptedValues(keyset).includes(value));
  return {
    name: 'origin_secret',
    secretId,
    parse: parseOriginKeyset,
    rotate: async (keyset) => rotateOriginKeyset(keyset, factory.originSecret()),
    usable: async () => true,
    async publish(keyset) {
      const before = await header.send(keyset.active);
      // Written by somebody else at the wrong moment. Edge locations go on sending it for minutes, in which it must not stop to be let in.
      if (!letsIn(keyset, before)) throw new Error('rotation: CloudFront was sending an older value; it has a newer one now, which has to spread before the next try');
      return 'published';
    },
    check: async (keyset) => letsIn(keyset, await header.values()),
  };
}
