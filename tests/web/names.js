// Names that a hostile peer may choose, as files on a disk can have them: 300 and more.
const PAYLOADS = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', "'><img src=x onerror=alert(1)>",
  '<iframe srcdoc="<script>alert(1)<∕script>">', '<body onload=alert(1)>', '<a href="javascript:alert(1)">x<∕a>',
  'javascript:alert(1)', 'data:text∕html,<script>alert(1)<∕script>', '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}', '`${alert(1)}`', '<%= alert(1) %>', '#{alert(1)}', '[[alert(1)]]', '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>', '<input autofocus onfocus=alert(1)>', '<math><mtext><script>alert(1)<∕script>',
  '<style>*{display:none}<∕style>', '<link rel=stylesheet href=x>', '<meta http-equiv=refresh content=0>', '<base href=x>',
  '<template><script>alert(1)<∕script>', '&lt;script&gt;alert(1)&lt;', '%3Cscript%3Ealert(1)', '\\u003cscript\\u003e',
  '--><script>alert(1)<∕script>', ']]><script>alert(1)<∕script>', '<!--', '<plaintext>', '<noscript><p title="<∕noscript>">',
  '<form action=x><button>', '<object data=x>', '<embed src=x>', 'onclick=alert(1)', '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)",
  '\u202egnp.exe', 'a\u2066b\u2069c', '\u200bhidden', '\u2028line', 'ABC\u202Dtxt.exe', 'e\u0301clair', 'ﷺ', '😀👩‍👩‍👧‍👦', 'مرحبا', 'שלום', '日本語',
  'A'.repeat(180), '..', '...', '. .', ' leading', 'trailing ', 'a  b', '#hash', '?query', '%2e%2e', 'a%00b', '+plus', '&amp;', ';semi', '|pipe',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', '0', '-1', 'true', '[object Object]',
];
const ENDINGS = ['', '.png', '.mp4', '.txt', '.html'];

export function hostileNames() {
  const names = new Set();
  for (const payload of PAYLOADS) {
    for (const ending of ENDINGS) {
      // A file's name has no slash in it; the division slash looks like one.
      const name = (payload + ending).replaceAll('/', '∕');
      if (name !== '.' && name !== '..' && Buffer.byteLength(name) <= 200) names.add(name);
    }
  }
  return [...names];
}
