//! The listing: the organisation's inventory where the edition has one, else the groups of the templates that the
//! settings name, and then the groups that they name themselves.

use adjourn_connector_kit::{ConnectorError, Context, GroupRef, Kind, Page};
use adjourn_domain::canonical::Hash;

use super::read;
use crate::dingtalk::auth::Api;
use crate::dingtalk::errors::{self, Asks};
use crate::dingtalk::wire::{self, InventoryRow, requests};

/// The state of a group in the inventory that was dissolved.
pub(super) const GONE: i64 = -1;
/// Most pages of the inventory: a million groups.
const MAX_PAGES: u64 = 50_000;
/// Most pages that are searched for one group.
const MAX_SEARCH: u64 = 500;
/// Groups on a page.
const PAGE: u64 = requests::INVENTORY_PAGE;
/// Named groups that are looked at for a page.
const NAMED_PAGE: usize = 20;

/// Where a page begins. `before` is the mark of the page before, so that a page that comes again is noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Inventory { page: u64, uuid: String, before: String },
    Template { n: usize, page: u64, before: String },
    Named { from: usize },
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            ["i", page, uuid, before] => Some(Self::Inventory {
                page: page.parse().ok()?,
                uuid: (*uuid).to_owned(),
                before: (*before).to_owned(),
            }),
            ["t", n, page, before] => Some(Self::Template {
                n: n.parse().ok()?,
                page: page.parse().ok()?,
                before: (*before).to_owned(),
            }),
            ["n", from] => Some(Self::Named { from: from.parse().ok()? }),
            _ => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Inventory { page, uuid, before } => format!("i.{page}.{uuid}.{before}"),
            Self::Template { n, page, before } => format!("t.{n}.{page}.{before}"),
            Self::Named { from } => format!("n.{from}"),
        }
    }
}

/// One page.
pub(super) async fn list(cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
    let api = Api::new(cx)?;
    let place = match cursor {
        Some(text) => Place::parse(text)
            .ok_or_else(|| ConnectorError::new(Kind::Invalid, "a cursor that is none of ours"))?,
        None => match of_inventory(&api, 1, &uuid(&api), "").await? {
            Some(page) => return Ok(page),
            None => Place::Template { n: 0, page: 1, before: String::new() },
        },
    };
    match place {
        Place::Inventory { page, uuid, before } => of_inventory(&api, page, &uuid, &before)
            .await?
            .ok_or_else(|| ConnectorError::new(Kind::Permission, "the inventory is not shown any more")),
        Place::Template { n, page, before } => of_template(&api, n, page, &before).await,
        Place::Named { from } => named(&api, from).await,
    }
}

/// One page of the inventory; `None` where the edition has none, or the app may not read it.
pub(super) async fn inventory(
    api: &Api<'_>,
    page: u64,
    name: Option<&str>,
) -> Result<Option<wire::Inventory>, ConnectorError> {
    asked(api, page, &uuid(api), name).await
}

async fn asked(
    api: &Api<'_>,
    page: u64,
    uuid: &str,
    name: Option<&str>,
) -> Result<Option<wire::Inventory>, ConnectorError> {
    let Some(operator) = api.operator() else { return Ok(None) };
    match api.read::<wire::Inventory>(&requests::inventory(operator, uuid, page, name)).await {
        Ok(found) => {
            let count = found.items.len() as u64;
            let rest = found.total_count.saturating_sub((page - 1).saturating_mul(PAGE));
            if found.item_count != count || count != rest.min(PAGE) {
                return Err(errors::protocol("a page of another length than it says", Asks::Read));
            }
            found.items.iter().try_for_each(|row| wire::name(&row.group_name))?;
            Ok(Some(found))
        }
        Err(error) if errors::is_not_ours(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The group's row of the inventory. With its name only the groups of that name are searched.
pub(super) async fn find(
    api: &Api<'_>,
    group: &str,
    name: Option<&str>,
) -> Result<Option<InventoryRow>, ConnectorError> {
    for page in 1..=MAX_SEARCH {
        let Some(found) = inventory(api, page, name).await? else { return Ok(None) };
        if let Some(row) = found.items.iter().find(|row| row.open_conversation_id == group) {
            return Ok(Some(row.clone()));
        }
        if page * PAGE >= found.total_count {
            return Ok(None);
        }
    }
    Err(errors::protocol("an inventory without end", Asks::Read))
}

async fn of_inventory(
    api: &Api<'_>,
    page: u64,
    uuid: &str,
    before: &str,
) -> Result<Option<Page<GroupRef>>, ConnectorError> {
    if page == 0 || page > MAX_PAGES {
        return Err(errors::protocol("an inventory without end", Asks::Read));
    }
    let Some(found) = asked(api, page, uuid, None).await? else { return Ok(None) };
    let mark = mark(found.items.iter().map(|row| row.open_conversation_id.as_str()));
    if mark == before && !found.items.is_empty() {
        return Err(errors::protocol("a page that comes again", Asks::Read));
    }
    let place = Place::Inventory { page: page + 1, uuid: uuid.to_owned(), before: mark };
    let next = (page.saturating_mul(PAGE) < found.total_count).then(|| place.text());
    let open = found.items.into_iter().filter(|row| row.status != GONE);
    let items = open.map(|row| GroupRef {
        native: row.open_conversation_id.into(),
        name: Some(row.group_name).filter(|name| !name.is_empty()),
    });
    Ok(Some(Page { items: items.collect(), next }))
}

async fn of_template(
    api: &Api<'_>,
    n: usize,
    page: u64,
    before: &str,
) -> Result<Page<GroupRef>, ConnectorError> {
    let templates = api.templates();
    let Some(template) = templates.get(n) else { return named(api, 0).await };
    if page == 0 || page > MAX_PAGES {
        return Err(errors::protocol("a template without end", Asks::Read));
    }
    let found: wire::OfTemplate = api.read(&requests::of_template(template, page)).await?;
    let mark = mark(found.open_conversation_ids.iter().map(String::as_str));
    if !found.success || (mark == before && !found.open_conversation_ids.is_empty()) {
        return Err(errors::protocol("a page that comes again", Asks::Read));
    }
    let full = found.open_conversation_ids.len() as u64 >= PAGE;
    let place = if full {
        Place::Template { n, page: page + 1, before: mark }
    } else if n + 1 < templates.len() {
        Place::Template { n: n + 1, page: 1, before: String::new() }
    } else {
        Place::Named { from: 0 }
    };
    let items = found.open_conversation_ids.into_iter().map(|id| GroupRef { native: id.into(), name: None });
    Ok(Page { items: items.collect(), next: Some(place.text()) })
}

/// The groups that the settings name, looked at one by one: the platform has no list of them.
async fn named(api: &Api<'_>, from: usize) -> Result<Page<GroupRef>, ConnectorError> {
    let all = api.groups()?;
    let mut items = Vec::new();
    for (group, chat) in all.iter().skip(from).take(NAMED_PAGE) {
        let found = match chat {
            Some(chat) => read::chat(api, chat).await.map(|info| (info.status, info.name)),
            None => read::scene(api, group).await.map(|scene| (scene.status, scene.title)),
        };
        match found {
            Ok((read::DISSOLVED, _)) => {}
            Ok((_, name)) => {
                let name = Some(name).filter(|name| !name.is_empty());
                items.push(GroupRef { native: group.as_str().into(), name });
            }
            Err(error) if errors::is_gone(&error) || errors::is_no_group(&error) => {}
            Err(error) => return Err(error),
        }
    }
    let next = from.saturating_add(NAMED_PAGE);
    Ok(Page { items, next: (next < all.len()).then(|| Place::Named { from: next }.text()) })
}

/// The same for all pages of one reading, another for the next reading.
fn uuid(api: &Api<'_>) -> String {
    short(format!("{} {}", api.account(), api.cx.now.as_millis()).as_bytes())
}

fn mark<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    short(ids.collect::<Vec<_>>().join("\n").as_bytes())
}

fn short(bytes: &[u8]) -> String {
    Hash::of(bytes).to_hex().chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for text in ["i.2.aa.bb", "t.0.1.", "n.20"] {
            assert_eq!(Place::parse(text).unwrap().text(), text);
        }
        for text in ["", "i.2", "t.x.1.", "i.-1.a.b", "z"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
