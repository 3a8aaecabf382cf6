// Keeps the progress of a running bulk review or simulation current, and reads the page again when it has ended.
(function () {
    "use strict";
    const bar = document.getElementById("bar");
    const done = document.getElementById("done");
    const format = new Intl.NumberFormat("en-US");

    function show(review) {
        const far = review.progress;
        bar.max = far.cases;
        bar.value = far.cases_done;
        done.textContent =
            `${format.format(far.cases_done)} of ${format.format(far.cases)} cases, ` +
            `${format.format(far.chunks_done)} of ${format.format(far.chunks)} chunks, ` +
            `${far.seconds.toFixed(1)} seconds`;
        if (review.status !== "planned" && review.status !== "running") {
            window.location.reload();
        }
    }

    async function ask() {
        const response = await fetch(bar.dataset.url, { credentials: "same-origin" });
        if (response.ok) {
            show(await response.json());
        }
    }

    window.setInterval(ask, 2000);
})();
