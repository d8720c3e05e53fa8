// Asks for the deliveries every second and replaces them only if something has changed, and leaves focus and opened details as they are.
const deliveries = document.getElementById("deliveries");
const live = document.getElementById("live");
let shown = null;

async function refresh() {
    if (!live.checked || document.hidden) {
        return;
    }

    const response = await fetch(deliveries.dataset.source);
    if (!response.ok) {
        return;
    }

    const html = await response.text();
    if (html === shown) {
        return;
    }

    const focused = deliveries.contains(document.activeElement) ? document.activeElement.id : null;
    const opened = [...deliveries.querySelectorAll("details[open]")].map(details => details.id);
    deliveries.innerHTML = html;
    shown = html;
    for (const id of opened) {
        document.getElementById(id)?.setAttribute("open", "");
    }

    if (focused) {
        (document.getElementById(focused) ?? deliveries).focus();
    }
}

async function keepFresh() {
    try {
        await refresh();
    } catch {
        // The site is being restarted: what is shown stays, and the next try comes in a second.
    }

    setTimeout(keepFresh, 1000);
}

keepFresh();
