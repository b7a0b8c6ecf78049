// When the element that has the focus goes away inside a block, the block takes the focus, so that it is not lost.
export function holdFocus(root: HTMLElement) {
  let within = false;
  const onin = () => (within = true);
  const onout = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) within = false;
  };
  const onpointer = (event: Event) => {
    if (!root.contains(event.target as Node)) within = false;
  };
  const watch = new MutationObserver(() => {
    if (within && document.activeElement === document.body) root.focus({ preventScroll: true });
  });
  root.tabIndex = -1;
  root.addEventListener('focusin', onin);
  root.addEventListener('focusout', onout);
  document.addEventListener('pointerdown', onpointer);
  watch.observe(root, { childList: true, subtree: true });
  return () => {
    watch.disconnect();
    document.removeEventListener('pointerdown', onpointer);
  };
}
