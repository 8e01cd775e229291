// Hands to a security key what the register asks, and to the form what the key answers.
// The register works without this by codes of an app.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const withBytes = (keys) => (keys ?? []).map((key) => ({ ...key, id: toBytes(key.id) }))

async function create(asked) {
  const key = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: toBytes(asked.challenge),
      user: { ...asked.user, id: toBytes(asked.user.id) },
      excludeCredentials: withBytes(asked.excludeCredentials),
    },
  })
  return answerOf(key, ['clientDataJSON', 'attestationObject'])
}

async function get(asked) {
  const key = await navigator.credentials.get({
    publicKey: {
      ...asked,
      challenge: toBytes(asked.challenge),
      allowCredentials: withBytes(asked.allowCredentials),
    },
  })
  return answerOf(key, ['clientDataJSON', 'authenticatorData', 'signature'])
}

function answerOf(key, parts) {
  const response = Object.fromEntries(parts.map((part) => [part, toText(key.response[part])]))
  return JSON.stringify({ id: key.id, rawId: toText(key.rawId), type: key.type, response })
}

for (const form of document.querySelectorAll('form[data-security-key]')) {
  const asked = JSON.parse(form.dataset.securityKey)
  const problem = form.querySelector('[data-problem]')
  form.hidden = !window.PublicKeyCredential && !('optional' in form.dataset)
  form.addEventListener('submit', async (event) => {
    if ('optional' in form.dataset && event.submitter?.value !== 'key') return
    event.preventDefault()
    problem.hidden = true
    try {
      form.elements.answer.value = await (asked.user ? create(asked) : get(asked))
      form.submit()
    } catch {
      problem.hidden = false
    }
  })
}
