import { UsersTable } from '../../../src/contract/tables';
import { Credential, ProfileValues, User } from '../../domain/model';
import { Item } from './calls';
import { FORMAT_VERSION, ItemReader } from './item-reader';

/*
 * USER#<uid> / PROFILE          v, uid, email (key of the index), status, sv, pv, scopes, profile, createdAt, op
 * EMAIL#<canonical> / CREDENTIAL  v, uid, hash, pv. No `email` attribute: the index holds profiles only.
 *
 * op: id of the last write, by which a write recognises itself after its response was lost.
 */

export const USERS_DEPENDENCY = 'users';

export const profileKey = (uid: string): Record<string, string> => ({ [UsersTable.PARTITION_KEY]: `USER#${uid}`, [UsersTable.SORT_KEY]: 'PROFILE' });

export const credentialKey = (email: string): Record<string, string> => ({ [UsersTable.PARTITION_KEY]: `EMAIL#${email}`, [UsersTable.SORT_KEY]: 'CREDENTIAL' });

export function profileItem(user: User): Item {
  return { ...profileKey(user.uid), v: FORMAT_VERSION, ...user };
}

export function credentialItem(credential: Credential): Item {
  return { ...credentialKey(credential.email), v: FORMAT_VERSION, uid: credential.uid, hash: credential.passwordHash, pv: credential.pv };
}

export function userOf(item: Item | undefined): User | undefined {
  if (!item) return undefined;
  const reader = new ItemReader(item, USERS_DEPENDENCY);
  return {
    uid: reader.text('uid'),
    email: reader.text('email'),
    status: reader.oneOf('status', ['active', 'disabled']),
    sv: reader.number('sv'),
    pv: reader.number('pv'),
    scopes: reader.list('scopes', 'string'),
    profile: reader.map('profile') as ProfileValues,
    createdAt: reader.number('createdAt'),
  };
}

export function credentialOf(email: string, item: Item | undefined): Credential | undefined {
  if (!item) return undefined;
  const reader = new ItemReader(item, USERS_DEPENDENCY);
  return { email, uid: reader.text('uid'), passwordHash: reader.text('hash'), pv: reader.number('pv') };
}
