// Samples of stacks as one tree: {name, kind, value, children: Map}. The value of a frame is that of all that stands on it.

export const newTree = (name) => ({ name, value: 0, children: new Map() });

/** @param stack frames from the outermost in, each {name, kind?} */
export function addStack(tree, stack, value) {
  tree.value += value;
  let at = tree;
  for (const { name, kind } of stack) {
    let child = at.children.get(name);
    if (child === undefined) at.children.set(name, (child = { ...newTree(name), kind }));
    child.value += value;
    at = child;
  }
}
