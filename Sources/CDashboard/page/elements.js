// Building elements. Text becomes text: nothing on this page reads markup from a string, and its policy forbids it.

const build = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return node;
};

const element = (name, attributes = {}, ...children) => build(document.createElement(name), attributes, children);

const drawn = (name, attributes = {}, ...children) =>
  build(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

const find = id => document.getElementById(id);

/** Sets the text of an element, and leaves the element alone when it is the same. */
const setText = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};
