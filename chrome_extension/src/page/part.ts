/**
 * Return the element with an id, of the kind that the page's HTML gives it.
 *
 * @throws Error the page and its script do not belong together
 */
export function part<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} named ${id}.`);
  return found;
}
