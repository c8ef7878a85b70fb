/** The places in server/ that send statements of their own, found by the types of the sources. */
import path from 'node:path';
import ts from 'typescript';
import { root } from '../support/paths';

/** What a column's value may be in a row type: `string`, `number`, … of the value without null. */
export interface ColumnType {
  /** `unknown` takes anything: JSON, which is checked when it is read. */
  kinds: ('string' | 'number' | 'boolean' | 'bigint' | 'date' | 'array' | 'object' | 'unknown')[];
  /** Of a union of texts, these; null for any text. */
  texts: string[] | null;
  nullable: boolean;
}

export interface Site {
  /** From the root of the project. */
  file: string;
  /** Of the word `query`, from 1: the line that a stack trace names. */
  line: number;
  /** By the names of its row type; null where it has none. */
  row: Map<string, ColumnType> | null;
  /** Whether the rows of the answer are read right there. */
  readsRows: boolean;
  /** Where it is written out there as one; null for one that is put together. */
  text: string | null;
}

/** Every call of `query` of node-postgres in server/, tests and generated files apart. */
export function findSites(): Site[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const isOurs = (file: string) =>
    file.startsWith(path.join(root, 'server') + path.sep) && !/[\\/]generated[\\/]|\.test\.ts$/.test(file);
  const program = ts.createProgram(fileNames.filter(isOurs), options);
  const checker = program.getTypeChecker();
  const sites: Site[] = [];
  for (const source of program.getSourceFiles()) {
    if (!isOurs(source.fileName)) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isQuery(node, checker)) {
        const name = (node.expression as ts.PropertyAccessExpression).name;
        const [given] = node.typeArguments ?? [];
        sites.push({
          file: path.relative(root, source.fileName),
          line: source.getLineAndCharacterOfPosition(name.getStart()).line + 1,
          row: given ? rowOf(checker.getTypeFromTypeNode(given), given, checker) : null,
          readsRows: readsRows(node),
          text: ts.isStringLiteralLike(node.arguments[0]!) ? node.arguments[0].text : null,
        });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return sites;
}

function isQuery(node: ts.CallExpression, checker: ts.TypeChecker): boolean {
  if (!ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== 'query') return false;
  const declaration = checker.getResolvedSignature(node)?.declaration;
  return declaration?.getSourceFile().fileName.includes('@types/pg/') ?? false;
}

/** `const { rows } = await …query(…)`, or `(await …query(…)).rows`. */
function readsRows(call: ts.CallExpression): boolean {
  let node: ts.Node = call;
  while (ts.isAwaitExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'rows';
  return (
    ts.isVariableDeclaration(parent) &&
    ts.isObjectBindingPattern(parent.name) &&
    parent.name.elements.some(({ name, propertyName }) => (propertyName ?? name).getText() === 'rows')
  );
}

function rowOf(type: ts.Type, at: ts.Node, checker: ts.TypeChecker): Map<string, ColumnType> | null {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return null;
  return new Map(
    checker
      .getPropertiesOfType(type)
      .map((property) => [
        property.name,
        columnType(checker.getTypeOfSymbolAtLocation(property, at), checker),
      ]),
  );
}

function columnType(type: ts.Type, checker: ts.TypeChecker): ColumnType {
  const parts = type.isUnion() ? type.types : [type];
  const nothing = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
  const values = parts.filter(({ flags }) => !(flags & nothing));
  const texts = values.flatMap((value) => (value.isStringLiteral() ? [value.value] : []));
  return {
    kinds: [...new Set(values.map((value) => kindOf(value, checker)))],
    texts: texts.length > 0 && texts.length === values.length ? texts : null,
    nullable: values.length < parts.length,
  };
}

function kindOf(type: ts.Type, checker: ts.TypeChecker): ColumnType['kinds'][number] {
  const { flags } = type;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'unknown';
  if (flags & ts.TypeFlags.StringLike) return 'string';
  if (flags & ts.TypeFlags.NumberLike) return 'number';
  if (flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (flags & ts.TypeFlags.BigIntLike) return 'bigint';
  if (checker.isArrayType(type) || checker.isTupleType(type)) return 'array';
  return type.symbol?.name === 'Date' ? 'date' : 'object';
}
