// What the TypeScript compiler's parser makes of source files, one line of JSON a
// file: the name, how many errors, the first of them, and a hash of the tree. The
// files are named on stdin, one a line. With --detail what is hashed is printed. The last
// line has no name, and the milliseconds that parsing alone took.
//
// node tree.mjs PATH_OF_TYPESCRIPT [--detail] < names
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const ts = createRequire(import.meta.url)(process.argv[2]);
const detail = process.argv.includes('--detail');
const kind = ts.SyntaxKind;

// The nodes that are compared by place, under the names of our own tree.
const names = {
  CallExpression: 'call', NewExpression: 'new', PropertyAccessExpression: 'member', ElementAccessExpression: 'index',
  ArrowFunction: 'arrow', FunctionExpression: 'function', FunctionDeclaration: 'function', ClassDeclaration: 'class',
  ClassExpression: 'class', ConditionalExpression: 'conditional', PrefixUnaryExpression: 'prefix',
  PostfixUnaryExpression: 'postfix', TypeOfExpression: 'prefix', VoidExpression: 'prefix', DeleteExpression: 'prefix',
  AwaitExpression: 'await', YieldExpression: 'yield', ObjectLiteralExpression: 'object', ArrayLiteralExpression: 'array',
  RegularExpressionLiteral: 'regexp', TemplateExpression: 'template', NoSubstitutionTemplateLiteral: 'template',
  TaggedTemplateExpression: 'tagged', AsExpression: 'as', SatisfiesExpression: 'satisfies', NonNullExpression: 'nonnull',
  TypeAssertionExpression: 'assertion', ParenthesizedExpression: 'paren', MetaProperty: 'meta', SpreadElement: 'spread',
  SpreadAssignment: 'spread', NumericLiteral: 'number', BigIntLiteral: 'bigint', JsxElement: 'element',
  JsxSelfClosingElement: 'element', JsxFragment: 'fragment', JsxAttribute: 'attribute', JsxExpression: 'container',
  IfStatement: 'if', ForStatement: 'for', ForInStatement: 'forin', ForOfStatement: 'forof', WhileStatement: 'while',
  DoStatement: 'do', ReturnStatement: 'return', ThrowStatement: 'throw', TryStatement: 'try', SwitchStatement: 'switch',
  CaseClause: 'case', DefaultClause: 'case', LabeledStatement: 'label', BreakStatement: 'break',
  ContinueStatement: 'continue', WithStatement: 'with', ExpressionStatement: 'expression',
  EmptyStatement: 'empty', Block: 'block', ModuleBlock: 'block', ImportDeclaration: 'import', ExportDeclaration: 'export',
  ExportAssignment: 'assigned', ImportEqualsDeclaration: 'importequals',
  TypeAliasDeclaration: 'alias', EnumDeclaration: 'enum', ImportSpecifier: 'specifier',
  ExportSpecifier: 'specifier', EnumMember: 'enummember', Decorator: 'decorator', Parameter: 'parameter',
  PropertyAssignment: 'property', ShorthandPropertyAssignment: 'property', TypeReference: 'reference',
  UnionType: 'union', IntersectionType: 'intersection', FunctionType: 'functiontype', ConstructorType: 'functiontype',
  TypeLiteral: 'objecttype', MappedType: 'mapped', ConditionalType: 'condition', InferType: 'infer',
  IndexedAccessType: 'access', TypeOperator: 'operator', TypeQuery: 'query', ParenthesizedType: 'parentype',
  TypePredicate: 'predicate', TupleType: 'tuple', ArrayType: 'arraytype', LiteralType: 'literaltype',
  TemplateLiteralType: 'templatetype', QualifiedName: 'member',
};
const byKind = new Map(Object.entries(names).map(([name, ours]) => [kind[name], ours]));

/** Offsets in UTF-8 of the offsets in UTF-16. */
function offsets(text) {
  if (/^[\0-\x7f]*$/.test(text)) return (n) => n;
  const table = new Uint32Array(text.length + 1);
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    table[i] = bytes;
    const c = text.charCodeAt(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length) { table[++i] = bytes; bytes += 4; } else bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }
  table[text.length] = bytes;
  return (n) => table[n];
}

function lines(file) {
  const at = offsets(file.text);
  const out = [];
  const place = (node) => `${at(node.getStart(file))} ${at(node.end)}`;
  const visit = (node, parent) => {
    switch (node.kind) {
      case kind.CallExpression:
        out.push(`call ${place(node)} ${node.arguments.length} ${place(node.expression)}`);
        break;
      case kind.StringLiteral:
        out.push(`string ${at(node.getStart(file))} ${JSON.stringify(node.text)}`);
        break;
      case kind.NoSubstitutionTemplateLiteral: case kind.TemplateHead: case kind.TemplateMiddle: case kind.TemplateTail:
        if (node.kind === kind.NoSubstitutionTemplateLiteral) out.push(`template ${place(node)}`);
        if (!(node.templateFlags & ts.TokenFlags.ContainsInvalidEscape)) out.push(`text ${at(node.getStart(file))} ${JSON.stringify(node.text)}`);
        break;
      case kind.Identifier: case kind.PrivateIdentifier:
        if (node.end > node.pos && node.text !== 'this' && !(node.text === 'global' && parent.kind === kind.ModuleDeclaration)) out.push(`name ${place(node)} ${JSON.stringify(node.text)}`);
        break;
      case kind.BinaryExpression: {
        const operator = node.operatorToken.kind;
        if (operator === kind.CommaToken) break;
        const assigns = operator >= kind.FirstAssignment && operator <= kind.LastAssignment;
        out.push(`${assigns ? 'assign' : 'binary'} ${place(node)} ${ts.tokenToString(operator)}`);
        break;
      }
      case kind.LiteralType:
        if (node.literal.kind !== kind.NullKeyword) out.push(`literaltype ${place(node)}`);
        break;
      case kind.MethodDeclaration: case kind.MethodSignature: case kind.GetAccessor: case kind.SetAccessor: case kind.Constructor:
        out.push(`method ${place(node)}`);
        break;
      case kind.PropertyDeclaration: case kind.PropertySignature:
        out.push(`field ${place(node)}`);
        break;
      case kind.TypeParameter:
        if (parent.kind !== kind.InferType && parent.kind !== kind.MappedType) out.push(`typeparameter ${place(node)}`);
        break;
      case kind.ModuleDeclaration:
        if (parent.kind !== kind.ModuleDeclaration) out.push(`module ${place(node)}`);
        break;
      case kind.VariableDeclaration:
        if (parent.kind !== kind.CatchClause) out.push(`variable ${place(node)}`);
        break;
      case kind.ExpressionWithTypeArguments:
        if (parent.kind !== kind.HeritageClause) out.push(`instantiation ${place(node)}`);
        else if (parent.token === kind.ImplementsKeyword || parent.ofInterface) out.push(`reference ${place(node)}`);
        break;
      case kind.InterfaceDeclaration:
        for (const clause of node.heritageClauses ?? []) clause.ofInterface = true;
        out.push(`interface ${place(node)}`);
        break;
      default:
        if (byKind.has(node.kind)) out.push(`${byKind.get(node.kind)} ${place(node)}`);
    }
    // Our tree has the names of closing tags once, in the opening one.
    if (node.kind !== kind.JsxClosingElement) ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(file, undefined);
  return out.sort();
}

let spent = 0; // milliseconds in the parser alone
for await (const name of createInterface({ input: process.stdin })) {
  const text = readFileSync(name, 'utf8');
  let file;
  const start = performance.now();
  try {
    file = ts.createSourceFile(name, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone });
  } catch (e) {
    console.log(JSON.stringify({ name, crashed: String(e) }));
    continue;
  }
  spent += performance.now() - start;
  const errors = file.parseDiagnostics;
  const first = errors[0] && {
    line: file.getLineAndCharacterOfPosition(errors[0].start).line + 1,
    text: ts.flattenDiagnosticMessageText(errors[0].messageText, ' '),
  };
  const all = lines(file);
  const hash = createHash('sha256').update(all.join('\n')).digest('hex');
  console.log(JSON.stringify({ name, errors: errors.length, first, hash, lines: detail ? all : undefined }));
}
console.log(JSON.stringify({ name: '', spent }));
