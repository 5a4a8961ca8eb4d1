import batchGetItem from 'dynalite/actions/batchGetItem';
import createTable from 'dynalite/actions/createTable';
import deleteItem from 'dynalite/actions/deleteItem';
import deleteTable from 'dynalite/actions/deleteTable';
import describeTable from 'dynalite/actions/describeTable';
import getItem from 'dynalite/actions/getItem';
import listTables from 'dynalite/actions/listTables';
import listTagsOfResource from 'dynalite/actions/listTagsOfResource';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import tagResource from 'dynalite/actions/tagResource';
import untagResource from 'dynalite/actions/untagResource';
import updateItem from 'dynalite/actions/updateItem';
import updateTable from 'dynalite/actions/updateTable';
import validations from 'dynalite/validations';
import batchGetItemInput from 'dynalite/validations/batchGetItem';
import batchWriteItemInput from 'dynalite/validations/batchWriteItem';
import createTableInput from 'dynalite/validations/createTable';
import deleteItemInput from 'dynalite/validations/deleteItem';
import deleteTableInput from 'dynalite/validations/deleteTable';
import describeTableInput from 'dynalite/validations/describeTable';
import getItemInput from 'dynalite/validations/getItem';
import listTablesInput from 'dynalite/validations/listTables';
import listTagsOfResourceInput from 'dynalite/validations/listTagsOfResource';
import putItemInput from 'dynalite/validations/putItem';
import queryInput from 'dynalite/validations/query';
import scanInput from 'dynalite/validations/scan';
import tagResourceInput from 'dynalite/validations/tagResource';
import untagResourceInput from 'dynalite/validations/untagResource';
import updateItemInput from 'dynalite/validations/updateItem';
import updateTableInput from 'dynalite/validations/updateTable';
import { AwsError } from '../errors';
import { Expression } from './condition';
import { Input } from './model';

const actions = {
  BatchGetItem: batchGetItem, CreateTable: createTable, DeleteItem: deleteItem, DeleteTable: deleteTable, DescribeTable: describeTable,
  GetItem: getItem, ListTables: listTables, ListTagsOfResource: listTagsOfResource, PutItem: putItem, Query: query, Scan: scan,
  TagResource: tagResource, UntagResource: untagResource, UpdateItem: updateItem, UpdateTable: updateTable,
};

const inputs = {
  BatchGetItem: batchGetItemInput, BatchWriteItem: batchWriteItemInput, CreateTable: createTableInput, DeleteItem: deleteItemInput,
  DeleteTable: deleteTableInput, DescribeTable: describeTableInput, GetItem: getItemInput, ListTables: listTablesInput,
  ListTagsOfResource: listTagsOfResourceInput, PutItem: putItemInput, Query: queryInput, Scan: scanInput,
  TagResource: tagResourceInput, UntagResource: untagResourceInput, UpdateItem: updateItemInput, UpdateTable: updateTableInput,
};

export type Action = keyof typeof actions;

/** The input checked by dynalite's rules and with its expressions parsed. Members that dynalite does not know are dropped. */
export function checkInput(operation: keyof typeof inputs, input: Input, store: unknown): Input {
  const { types, custom } = inputs[operation];
  try {
    const data = validations.checkTypes(input, types);
    validations.checkValidations(data, types, custom, store);
    return data;
  } catch (error) {
    throw toAwsError(error);
  }
}

/** Takes the parsed condition out of a checked write, so that the view evaluates it and not dynalite. */
export function takeCondition(data: Input): Expression | undefined {
  const condition = data._condition as { readonly expression: Expression } | undefined;
  delete data._condition;
  return condition?.expression;
}

/** Runs an action whose view answers synchronously. */
export function runSync(action: Action, view: unknown, data: Input): Record<string, unknown> {
  let outcome: { readonly error: unknown; readonly result?: Record<string, unknown> } | undefined;
  actions[action](view, data, (error, result) => {
    outcome = { error, result };
  });
  if (!outcome) throw new Error(`${action} did not complete in one step`);
  if (outcome.error) throw toAwsError(outcome.error);
  return outcome.result ?? {};
}

export function run(action: Action, store: unknown, data: Input): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    actions[action](store, data, (error, result) => {
      if (error) reject(toAwsError(error));
      else resolve(result ?? {});
    });
  });
}

/** dynalite's errors carry the body of the answer; a view's refusal carries the error itself; anything else is a defect. */
export function toAwsError(error: unknown): unknown {
  const { failure, body, statusCode } = error as { failure?: AwsError; body?: Record<string, string>; statusCode?: number };
  if (failure) return failure;
  if (!body?.__type) return error;
  return new AwsError(body.__type.split('#').at(-1)!, body.message ?? body.Message ?? '', statusCode);
}
