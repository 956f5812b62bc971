// Talks to the server: acts go out as JSON, scenes come in as server-sent events.

export async function act(name, given, signal) {
  return answered(
    fetch(`/play/acts/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(given),
      signal,
    }),
  );
}

export async function upload(file, given) {
  const form = new FormData();
  form.append("given", JSON.stringify(given));
  form.append("file", file, file.name);
  return answered(fetch("/play/files", { method: "POST", body: form }));
}

// Never throws: an act that could not be carried over says `lost`.
async function answered(request) {
  try {
    return await understood(await request);
  } catch {
    return { error: "lost", lost: true };
  }
}

async function understood(response) {
  const kind = response.headers.get("Content-Type") ?? "";
  const body = kind.startsWith("application/json") ? await response.json() : { error: response.statusText };
  return response.ok ? body : { error: body.error || String(response.status), status: response.status };
}

// Calls `show(scene)` for every scene of a person, and `tell(online)` when the connection goes
// or comes. The browser reconnects by itself and says what it saw last; where it gives up, we go on.
export function watch(person, show, tell) {
  let source;
  let again;
  let stopped = false;

  function open() {
    source = new EventSource(`/play/scenes?person=${person}`);
    source.onopen = () => tell(true);
    source.onmessage = (event) => show(JSON.parse(event.data));
    source.onerror = () => {
      tell(false);
      if (source.readyState === EventSource.CLOSED && !stopped) again = setTimeout(open, 2000);
    };
  }

  open();
  return () => {
    stopped = true;
    clearTimeout(again);
    source.close();
  };
}
