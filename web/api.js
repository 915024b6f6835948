// The node, asked by the page. What a request needs besides the cookie (docs/api.md, "Over TCP") is kept where only this
// origin, port included, can read it.
const TOKEN = 'essaim.token';

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function headers(more = {}) {
  return {'X-Essaim-Token': localStorage.getItem(TOKEN) ?? '', ...more};
}

async function failureOf(answer) {
  try {
    const {error} = await answer.json();
    return new ApiError(answer.status, error.code, error.message);
  } catch {
    return new ApiError(answer.status, 'failed', answer.statusText);
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'away', '');
  }
  if (!answer.ok) throw await failureOf(answer);
  return answer;
}

// A JSON document, or the failure that the node gave. `target` is below /api/v1/, its parts encoded.
export async function call(method, target, body, signal) {
  const json = method === 'POST';
  const options = {
    method,
    headers: headers(json ? {'Content-Type': 'application/json'} : {}),
    body: json ? JSON.stringify(body ?? {}) : undefined,
    signal,
  };
  return (await ask(`api/v1/${target}`, options)).json();
}

export const get = (target, signal) => call('GET', target, undefined, signal);
export const post = (target, body) => call('POST', target, body);
export const remove = (target) => call('DELETE', target);

// Brings the ticket that the address carries, and takes it out of the address.
export async function signIn() {
  const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket');
  if (ticket === null) return;
  history.replaceState(null, '', '#/near');
  const answer = await ask('api/v1/web/session', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({ticket}),
  });
  localStorage.setItem(TOKEN, (await answer.json()).token);
}

export function fileAddress(id) {
  return `api/v1/files/${encodeURIComponent(id)}`;
}

// The beginning of a file as text.
export async function textOf(id, bytesMax, signal) {
  const answer = await ask(fileAddress(id), {headers: {Range: `bytes=0-${bytesMax - 1}`}, signal});
  return answer.text();
}

// The node's events, one after the other: {id, event, data}. Ends when the connection does.
export async function* events(lastId, signal) {
  const more = lastId === null ? {} : {'Last-Event-ID': String(lastId)};
  const answer = await ask('api/v1/events', {headers: headers(more), signal});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = parseEvent(text.slice(0, end));
      text = text.slice(end + 2);
      if (event !== null) yield event;
    }
  }
}

function parseEvent(block) {
  const fields = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  return 'event' in fields ? {id: Number(fields.id), event: fields.event, data: JSON.parse(fields.data)} : null;
}

// Puts the bytes of a file; `onProgress(bytesSent)`. XMLHttpRequest, because fetch tells nothing of what it has sent.
export function upload(target, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `api/v1/${target}`);
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    request.addEventListener('load', () => {
      const error = request.response?.error;
      if (request.status < 300) resolve(request.response);
      else reject(new ApiError(request.status, error?.code ?? 'failed', error?.message ?? request.statusText));
    });
    request.addEventListener('error', () => reject(new ApiError(0, 'away', '')));
    request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
