/**
 * Copies the text of an element; where the page may not, selects it, and says so with false.
 * @param {HTMLElement} node
 */
export async function copyText(node) {
  const isField = node instanceof HTMLTextAreaElement;
  try {
    await navigator.clipboard.writeText(isField ? node.value : node.textContent);
    return true;
  } catch {
    // Without a secure connection, and in some frames, there is no clipboard, but the older way
    // may be open.
    if (isField) node.select();
    else getSelection()?.selectAllChildren(node);
    return document.execCommand("copy");
  }
}
