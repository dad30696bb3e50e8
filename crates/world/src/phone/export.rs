//! A member's own export of a chat, where the platform's people have such a tool: the CSV that chatlog writes.

use adjourn_domain::message::RecordKind;

use super::Shown;
use super::view::{View, local};
use crate::world::{Refusal, refuse};

const HEADER: &str = "Time,SenderName,Sender,TalkerName,Talker,Content";

/// The records that are on this device, the platform's notices among them.
pub(super) fn export(view: &View<'_>, id: &str) -> Result<Shown, Refusal> {
    if view.words.app("export").is_empty() {
        return refuse("client_only");
    }
    let group = view.world.on_phone(id, view.who)?;
    let name = group.name.as_deref().unwrap_or_default();
    let device = view.world.phones.devices.get(view.who);
    let cleared = device.and_then(|device| device.cleared.get(id)).copied().unwrap_or(0);
    let system = view.words.app("system_sender");
    let messages = group.messages.iter().filter(|message| message.seq > cleared);
    let mut rows: Vec<(adjourn_domain::time::Time, [&str; 3])> = messages
        .filter_map(|message| match (message.kind, message.text.as_deref(), message.file.as_ref()) {
            (RecordKind::Message, _, Some(file)) => {
                Some((message.at, [view.world.name_of(&message.sender), &message.sender, &file.name]))
            }
            (RecordKind::Message, Some(text), None) => {
                Some((message.at, [view.world.name_of(&message.sender), &message.sender, text]))
            }
            _ => None,
        })
        .collect();
    let notices = view.world.notices(view.who).iter().filter(|notice| notice.group.as_str() == id);
    rows.extend(notices.map(|notice| (notice.at, ["", system, notice.text.as_str()])));
    rows.sort_by_key(|(at, _)| *at);
    let mut content = format!("{HEADER}\n");
    for (at, [sender_name, sender, text]) in rows {
        let cells = [local(at).as_str(), sender_name, sender, name, id, text].map(quoted);
        content.push_str(&cells.join(","));
        content.push('\n');
    }
    Ok(Shown::File { name: format!("{id}.csv"), media_type: "text/csv; charset=utf-8".to_owned(), content })
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
