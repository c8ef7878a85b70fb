/**
 * An ESLint rule: a literal path of this site that a browser would ask for goes through `sitePath`
 * (server/platform/env/site-path.ts), or it leads past the setting BASE_PATH. Next's own `Link`, router and `redirect` add the
 * base themselves, so paths of pages may stand where only those read them; paths of routes and of files may not.
 */

const wrappers = new Set(['sitePath', 'siteFetch']);
/** What only browsers and programs ask for, never the router. */
const neverRouted = /^\/(api|examples|_next|icon\.svg|screenshot\.png)([/?#]|$)/;
const attributes = new Set(['href', 'src', 'srcSet', 'action', 'formAction', 'poster', 'data']);
const constructors = new Set(['EventSource', 'WebSocket', 'Worker', 'SharedWorker', 'URL', 'Request']);
const methods = new Set(['assign', 'replace', 'open', 'sendBeacon', 'pushState', 'replaceState']);
const owners = /^(location|window|navigator|history|document)$/;

/** The text with which an expression certainly begins; null where that is not known. */
function beginning(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type === 'TemplateLiteral') return node.quasis[0].value.cooked;
  return null;
}

/** Every literal that an expression may come to, as far as the file tells. */
function* literalsOf(node, scope, seen = new Set()) {
  if (!node || seen.has(node)) return;
  seen.add(node);
  const into = (next) => literalsOf(next, scope, seen);
  switch (node.type) {
    case 'Literal':
    case 'TemplateLiteral': {
      const [first] = node.expressions ?? [];
      if (beginning(node) === '' && first) yield* into(first);
      else yield node;
      break;
    }
    case 'ConditionalExpression':
      yield* into(node.consequent);
      yield* into(node.alternate);
      break;
    case 'LogicalExpression':
      yield* into(node.left);
      yield* into(node.right);
      break;
    case 'BinaryExpression':
      yield* into(node.left);
      break;
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      yield* into(node.expression);
      break;
    case 'Identifier': {
      let at = scope;
      while (at && !at.set.has(node.name)) at = at.upper;
      for (const { type, node: from } of at?.set.get(node.name)?.defs ?? [])
        if (type === 'Variable' && from.id.type === 'Identifier') yield* into(from.init);
    }
  }
}

/** Whether a literal is what a wrapper is called with. */
function isWrapped(node) {
  let at = node;
  const passes = /^(ConditionalExpression|LogicalExpression|BinaryExpression|TemplateLiteral)$/;
  while (at.parent && passes.test(at.parent.type)) at = at.parent;
  return at.parent?.type === 'CallExpression' && wrappers.has(at.parent.callee.name);
}

export const sitePathRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      bare: '{{path}} leads past BASE_PATH: give it to sitePath (server/platform/env/site-path.ts).',
    },
  },
  create(context) {
    const reported = new Set();
    const report = (node) => {
      if (reported.has(node)) return;
      reported.add(node);
      context.report({ node, messageId: 'bare', data: { path: beginning(node) } });
    };
    /** A place from which the browser takes an address. */
    const sink = (node) => {
      for (const literal of literalsOf(node, context.sourceCode.getScope(node)))
        if (/^\/(?!\/)/.test(beginning(literal)) && !isWrapped(literal)) report(literal);
    };
    const literal = (node) => {
      if (neverRouted.test(beginning(node) ?? '') && !isWrapped(node)) report(node);
    };
    return {
      Literal: literal,
      TemplateLiteral: literal,
      JSXAttribute({ name, value, parent }) {
        const element = parent.name.type === 'JSXIdentifier' ? parent.name.name : 'Component';
        if (!/^[a-z]/.test(element) || !attributes.has(name.name)) return;
        if (value) sink(value.type === 'JSXExpressionContainer' ? value.expression : value);
      },
      NewExpression({ callee, arguments: [first] }) {
        if (constructors.has(callee.name) && first) sink(first);
      },
      CallExpression({ callee, arguments: given }) {
        if (callee.name === 'fetch' && given[0]) return sink(given[0]);
        if (callee.type !== 'MemberExpression' || !methods.has(callee.property.name)) return;
        const owner = callee.object.property?.name ?? callee.object.name ?? '';
        const address = /State$/.test(callee.property.name) ? given[2] : given[0];
        if (owners.test(owner) && address) sink(address);
      },
      AssignmentExpression({ left, right }) {
        const name = left.type === 'MemberExpression' ? left.property.name : left.name;
        if (['href', 'src', 'location', 'srcset', 'action'].includes(name)) sink(right);
      },
    };
  },
};
