// A page beside the main one looks as the main one does.

export async function dress() {
  try {
    const { look } = await (await fetch("/state")).json();
    Object.assign(document.documentElement.dataset, { theme: look.theme, size: look.size, motion: look.motion ? "on" : "off" });
  } catch {
    // It looks as it looks.
  }
}
