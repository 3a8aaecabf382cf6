"""The kinds of criterion, in the order a lawyer would read them: pure, each in its own module."""

from screening.criteria import (
    age,
    arrest_without_disposition,
    check_freshness,
    conviction,
    custody,
    entry_after,
    family_unreviewed,
    hearing_imminent,
    pending_charge,
    presence,
    prior_removal_order,
    prohibited_source,
    protected_1367,
    representation,
    threat_indicator,
    unresolved_indicator,
)
from screening.criteria.kind import Kind

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        threat_indicator.KIND,
        unresolved_indicator.KIND,
        conviction.KIND,
        pending_charge.KIND,
        arrest_without_disposition.KIND,
        entry_after.KIND,
        prior_removal_order.KIND,
        protected_1367.KIND,
        prohibited_source.KIND,
        check_freshness.KIND,
        custody.KIND,
        hearing_imminent.KIND,
        family_unreviewed.KIND,
        representation.KIND,
        age.KIND,
        presence.KIND,
    )
}
