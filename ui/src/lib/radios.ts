// After a choice was sent: the view's own choice stands, also if the core refused the new one.
export function restore(input: HTMLInputElement, options: { id: string; chosen: boolean }[]) {
  const radios = input.closest('fieldset')?.querySelectorAll<HTMLInputElement>('input[type=radio]') ?? [];
  for (const radio of radios) {
    radio.checked = options.some((option) => option.id === radio.value && option.chosen);
  }
}
