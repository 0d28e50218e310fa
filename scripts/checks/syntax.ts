import { type Comment, type Node, parseSync, visitorKeys } from 'oxc-parser';

/** A node, with what holds it. */
export interface Visited {
  readonly node: Node;
  readonly parent: Node | null;
  /** The property of the parent under which the node hangs. */
  readonly key: string;
}

/** One `import`, `export ... from`, dynamic import or import type. */
export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly offset: number;
}

export interface Syntax {
  readonly nodes: readonly Visited[];
  readonly imports: readonly Import[];
  readonly comments: readonly Comment[];
}

/** Throws with the parser's message where the text is no TypeScript. */
export function parse(path: string, text: string): Syntax {
  const { program, module, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);
  const nodes = flatten(program);
  const imports: Import[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    imports.push({ specifier: moduleRequest.value, typeOnly, offset: moduleRequest.start });
  }
  for (const { entries } of module.staticExports) {
    const from = entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest;
    if (from == null) continue;
    const typeOnly = entries.every((entry) => entry.isType);
    imports.push({ specifier: from.value, typeOnly, offset: from.start });
  }
  for (const { node } of nodes) {
    if (node.type === 'ImportExpression' && isText(node.source)) {
      imports.push({ specifier: node.source.value, typeOnly: false, offset: node.start });
    } else if (node.type === 'TSImportType' && isText(node.source)) {
      imports.push({ specifier: node.source.value, typeOnly: true, offset: node.start });
    }
  }
  return { nodes, imports, comments };
}

/** Whether an identifier stands for a value that is looked up by its name, rather than naming a property or a type. */
export function isReference({ node, parent, key }: Visited): boolean {
  if (node.type !== 'Identifier' || parent === null) return false;
  switch (parent.type) {
    case 'MemberExpression':
      return key === 'object' || parent.computed;
    case 'Property':
      return key === 'value' || parent.computed;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return key === 'value' || parent.computed;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportSpecifier':
    case 'ExportSpecifier':
      return false;
    default:
      return !parent.type.startsWith('TS') || EXPRESSION_HOLDERS.has(parent.type);
  }
}

/** Every name that the file itself declares, at whatever depth: such a name means no global. */
export function declaredNames(nodes: readonly Visited[]): Set<string> {
  const names = new Set<string>();
  for (const { node, parent, key } of nodes) {
    if (node.type === 'Identifier' && parent !== null && declares(parent, key)) names.add(node.name);
  }
  return names;
}

function declares(parent: Node, key: string): boolean {
  switch (parent.type) {
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return key === 'local';
    case 'VariableDeclarator':
    case 'ClassDeclaration':
      return key === 'id';
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return key === 'id' || key === 'params';
    case 'CatchClause':
      return key === 'param';
    default:
      return false;
  }
}

const EXPRESSION_HOLDERS: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
  'TSTypeAssertion',
]);

function isText(node: Node): node is Node & { readonly value: string } {
  return node.type === 'Literal' && typeof node.value === 'string';
}

function flatten(program: Node): Visited[] {
  const found: Visited[] = [];
  const visit = (node: Node, parent: Node | null, key: string): void => {
    found.push({ node, parent, key });
    for (const childKey of visitorKeys[node.type] ?? []) {
      const child: unknown = Reflect.get(node, childKey);
      for (const each of Array.isArray(child) ? child : [child]) {
        if (isNode(each)) visit(each, node, childKey);
      }
    }
  };
  visit(program, null, '');
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
