/**
 * Next.js minifies what it bundles with SWC, which takes a variable for a constant when it begins without a value and
 * is written only by `??=`, `+=`, `++` and their like, or in the head of a loop (`for (x of …)`). A `const` computed
 * from such a variable then moves to where it is used, past the call or `await` that changes the variable. The sources
 * run right and the build runs wrong, so no test of the sources shows it.
 */

/** Whether the minifier reads this initial value as none. */
const isNothing = (init) =>
  !init ||
  (init.type === 'Identifier' && init.name === 'undefined') ||
  (init.type === 'UnaryExpression' && init.operator === 'void');

const pattern = /^(ArrayPattern|ObjectPattern|Property|AssignmentPattern|RestElement)$/;
const loop = /^For(Of|In)Statement$/;

/** Whether the minifier counts this as a write. */
function isSeen({ identifier }) {
  let { parent } = identifier;
  while (pattern.test(parent.type)) parent = parent.parent;
  return parent.type === 'AssignmentExpression' && parent.operator === '=';
}

/** @type {import('eslint').Rule.RuleModule} */
export const writesTheMinifierMisses = {
  meta: {
    type: 'problem',
    docs: { description: 'Variables that the minifier of Next.js wrongly takes for constants' },
    schema: [],
    messages: {
      missed:
        'The minifier takes {{name}} for a constant: it begins without a value, and no plain "=" writes it. Begin it with null or another value.',
    },
  },
  create: (context) => ({
    'Program:exit'() {
      for (const { variables } of context.sourceCode.scopeManager.scopes)
        for (const { name, defs, references } of variables) {
          const [declarator] = defs.map(({ type, node }) => (type === 'Variable' ? node : null));
          if (declarator?.id.type !== 'Identifier' || !isNothing(declarator.init)) continue;
          if (loop.test(declarator.parent.parent.type)) continue;
          const writes = references.filter((one) => one.isWrite() && !one.init);
          if (writes.length > 0 && !writes.some(isSeen))
            context.report({ node: declarator.id, messageId: 'missed', data: { name } });
        }
    },
  }),
};
