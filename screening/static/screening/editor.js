// Leads from a problem to its line in the text.
(function () {
    "use strict";
    const text = document.getElementById("text");
    if (!(text instanceof HTMLTextAreaElement)) {
        return;
    }

    function show(number) {
        const lines = text.value.split("\n");
        const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
        text.focus();
        text.setSelectionRange(start, start + (lines[number - 1] || "").length);
        text.scrollTop = (text.scrollHeight / lines.length) * Math.max(number - 10, 0);
    }

    for (const link of document.querySelectorAll("[data-line]")) {
        link.addEventListener("click", () => show(Number(link.dataset.line)));
    }
})();
