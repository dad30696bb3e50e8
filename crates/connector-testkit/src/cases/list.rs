//! Listings: whole, without doubles, and never without end.

use std::collections::BTreeSet;

use adjourn_connector_kit::Kind;
use adjourn_sim::{FaultKind, FaultPlan};

use super::{Case, Need, case};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check, pins};

pub(super) const CASES: &[Case] = &[
    case("list", "everything_once", Need::Nothing, everything_once),
    case("list", "resumes_from_every_page", Need::Nothing, resumes_from_every_page),
    case("list", "names_are_unicode", Need::Nothing, names_are_unicode),
    case("list", "empty_for_the_powerless", Need::Nothing, empty_for_the_powerless),
    case("list", "repeated_page_is_an_error", Need::Nothing, repeated_page_is_an_error),
    case("list", "half_a_page_is_an_error", Need::Nothing, half_a_page_is_an_error),
];

fn everything_once(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let pages = told("list", rig.list(Who::Main, &rig.door(FaultPlan::none()), None))?;
    let paged = pages.len() > 1;
    check!(paged || at_once(bench), "the listing has one page only");
    let items: Vec<_> = pages.into_iter().flat_map(|(_, items)| items).collect();
    let ids: BTreeSet<_> = items.iter().map(|item| &item.native).collect();
    check!(ids.len() == items.len(), "{} items, {} groups", items.len(), ids.len());
    check!(items.len() == rig.groups, "{} of {} groups", items.len(), rig.groups);
    check!(ids.contains(&rig.busy) && ids.contains(&rig.quiet), "a seeded group is not listed");
    Ok(())
}

fn resumes_from_every_page(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let pages = told("list", rig.list(Who::Main, &door, None))?;
    for (at, (cursor, _)) in pages.iter().enumerate() {
        let rest = told("list", rig.list(Who::Main, &door, cursor.clone()))?;
        check!(Some(rest.as_slice()) == pages.get(at..), "from page {at} on it is another listing");
    }
    Ok(())
}

fn names_are_unicode(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let group = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    let name = group.name.unwrap_or_default();
    check!(!name.is_ascii(), "the busy group's name {name:?} is not Chinese");
    check!(!name.contains(char::REPLACEMENT_CHARACTER), "the name {name:?} is broken");
    Ok(())
}

fn empty_for_the_powerless(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    match rig.list(Who::Powerless, &rig.door(FaultPlan::none()), None) {
        Ok(pages) => {
            check!(pages.iter().all(|(_, items)| items.is_empty()), "groups of others are listed");
            Ok(())
        }
        Err(error) if matches!(error.kind, Kind::Permission | Kind::Auth) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// Whether the platform gives the listing at once, so that there is no second page that could go wrong.
fn at_once(bench: &Bench) -> bool {
    pins::lists_at_once(bench.declared.platform.as_str())
}

fn repeated_page_is_an_error(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    if at_once(bench) {
        let again = rig.list(Who::Main, &rig.door(FaultPlan::none()), Some("2".to_owned()));
        check!(again.is_err(), "there is one page, and yet a second one came");
        return Ok(());
    }
    let door = rig.door(FaultPlan::always(FaultKind::RepeatedPage));
    check!(rig.list(Who::Main, &door, None).is_err(), "a page that comes again was taken for the next one");
    Ok(())
}

fn half_a_page_is_an_error(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let nth = if at_once(bench) { 1 } else { 2 };
    for fault in [FaultKind::HalfBody, FaultKind::WrongContentType] {
        let door = rig.door(FaultPlan::nth(nth, fault));
        check!(rig.list(Who::Main, &door, None).is_err(), "a broken page was taken for the end");
    }
    Ok(())
}
