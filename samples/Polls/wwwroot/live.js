// Asks for the deliveries every second and replaces them only if something has changed, so that reading and focus are left alone.
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
    deliveries.innerHTML = html;
    shown = html;
    if (focused) {
        document.getElementById(focused)?.focus();
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
