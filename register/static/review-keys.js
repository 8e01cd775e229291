// Judging by keyboard: 1, 2 or 3 chooses, the reason follows, Control and Enter sends; N goes on.
// Every page works without this. Whoever does not want single keys turns them off (WCAG 2.1.4).
const form = document.querySelector('[data-review-keys]')
const KEPT = 'review-keys-off'
const WRITES = 'input:not([type=radio]), textarea, select'

function isOff() {
  return localStorage.getItem(KEPT) === '1'
}

function told() {
  return isOff() ? 'Turn the keys on' : 'Turn these keys off'
}

function explain() {
  const box = document.createElement('div')
  box.className = 'govuk-!-margin-bottom-6'
  const words = document.createElement('p')
  const toggle = document.createElement('button')
  words.className = 'govuk-hint'
  words.textContent =
    'Keys: 1, 2 or 3 chooses a judgement, then type why. Control and Enter keeps it. N goes on to the next.'
  toggle.type = 'button'
  toggle.className = 'register-link-button govuk-body-s'
  toggle.textContent = told()
  toggle.addEventListener('click', () => {
    localStorage.setItem(KEPT, isOff() ? '0' : '1')
    toggle.textContent = told()
  })
  box.append(words, toggle)
  form.prepend(box)
}

function press(event) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    form.requestSubmit()
    return
  }
  const writing = event.target.matches(WRITES)
  if (isOff() || writing || event.ctrlKey || event.metaKey || event.altKey) return
  const choice = form.querySelectorAll('[name=verdict]')[Number(event.key) - 1]
  if (choice) {
    choice.checked = true
    form.querySelector('[name=reason]').focus()
    event.preventDefault()
  } else if (event.key.toLowerCase() === 'n') {
    location.assign(form.dataset.reviewKeys)
  }
}

if (form) {
  explain()
  document.addEventListener('keydown', press)
}
