//! The actions: their parameters, and what each implementation makes of them.

use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::time::Time;
use adjourn_world::Refusal;
use serde_json::{Map, Value, json};

use super::QqSim;
use super::api::{Answer, Failure, failed};
use super::views;
use crate::qq::wire::implementation::Implementation;

/// An action's parameters: those that must be there, and those that may.
type Params = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Every action that is played.
const ACTIONS: &[Params] = &[
    ("get_version_info", &[], &[]),
    ("get_status", &[], &[]),
    ("get_login_info", &[], &[]),
    ("get_group_list", &[], &["no_cache"]),
    ("get_group_info", &["group_id"], &["no_cache"]),
    ("get_group_member_list", &["group_id"], &["no_cache"]),
    ("get_group_member_info", &["group_id", "user_id"], &["no_cache"]),
    ("get_msg", &["message_id"], &[]),
    ("get_group_file_system_info", &["group_id"], &[]),
    ("get_group_root_files", &["group_id"], &["file_count"]),
    ("get_group_files_by_folder", &["group_id"], &["folder_id", "folder", "file_count"]),
    ("get_group_file_url", &["group_id", "file_id"], &["busid"]),
    ("_get_group_notice", &["group_id"], &[]),
    (
        "_send_group_notice",
        &["group_id", "content"],
        &["image", "pinned", "type", "confirm_required", "is_show_edit_card", "tip_window_type"],
    ),
    ("send_group_msg", &["group_id", "message"], &["auto_escape", "message_type", "user_id"]),
    ("set_group_whole_ban", &["group_id"], &["enable"]),
    ("set_group_admin", &["group_id", "user_id"], &["enable"]),
    ("set_group_kick", &["group_id", "user_id"], &["reject_add_request"]),
    ("set_group_leave", &["group_id"], &["is_dismiss"]),
];

/// How a page of history is asked for.
fn history_params(implementation: Implementation) -> &'static [&'static str] {
    match implementation {
        Implementation::Lagrange => &["message_id", "count"],
        Implementation::GoCqhttp => &["message_seq"],
        _ => &[
            "message_seq",
            "count",
            "reverse_order",
            "reverseOrder",
            "disable_get_url",
            "parse_mult_msg",
            "quick_reply",
        ],
    }
}

/// A call's parameters, read as leniently as implementations do: numbers may be strings.
pub(super) struct Given(pub(super) Map<String, Value>);

impl Given {
    pub(super) fn id(&self, name: &str) -> Result<String, Failure> {
        let digits = match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(Failure::BadParams),
        };
        let number = digits.strip_prefix('-').unwrap_or(&digits);
        let right = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(digits) } else { Err(Failure::BadParams) }
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(Failure::BadParams),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<String, Failure> {
        self.0.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(Failure::BadParams)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.code {
            "unknown_group" | "not_in" | "dissolved" => "GROUP_NOT_FOUND",
            "not_manager" | "only_owner" => "PERMISSION_DENIED",
            _ => "SEND_MSG_API_ERROR",
        };
        Self::Failed(code, refusal.says().to_owned())
    }
}

impl QqSim {
    /// An account does something through the implementation. What no client may send is noted.
    pub(super) fn act(
        &mut self,
        at: Time,
        account: &str,
        action: &str,
        params: Map<String, Value>,
        base: &str,
    ) -> Answer {
        let answer = self.perform(at, account, action, params, base);
        if let Err(Failure::NoAction | Failure::BadParams) = &answer {
            self.unexpected.note(format!("{action}: {answer:?}"));
        }
        answer
    }

    fn perform(
        &mut self,
        at: Time,
        account: &str,
        action: &str,
        params: Map<String, Value>,
        base: &str,
    ) -> Answer {
        let (required, optional): (&[&str], &[&str]) = match action {
            "get_group_msg_history" => (&["group_id"], history_params(self.plays)),
            _ => ACTIONS
                .iter()
                .find(|(name, ..)| *name == action)
                .map(|(_, required, optional)| (*required, *optional))
                .ok_or(Failure::NoAction)?,
        };
        let known = |name: &String| required.contains(&name.as_str()) || optional.contains(&name.as_str());
        if !params.keys().all(known) || !required.iter().all(|name| params.contains_key(*name)) {
            return Err(Failure::BadParams);
        }
        let given = Given(params);
        match action {
            "get_version_info" => Ok(json!({
                "app_name": self.plays.app_name(), "app_version": "simulated", "protocol_version": "v11",
            })),
            "get_status" => {
                let online = !self.offline.contains(account);
                Ok(json!({ "online": online, "good": true, "stat": {} }))
            }
            "get_login_info" => {
                Ok(json!({ "user_id": views::number(account), "nickname": self.world.name_of(account) }))
            }
            "get_group_list" => self.group_list(account, &given),
            "get_group_info" => self.group_info(account, &given),
            "get_group_member_list" => self.member_list(account, &given),
            "get_group_member_info" => self.member_info(account, &given),
            "get_group_msg_history" => self.history(account, &given),
            "get_msg" => self.message(account, &given),
            "get_group_file_system_info" => self.file_system(account, &given),
            "get_group_root_files" => self.root_files(account, &given),
            "get_group_files_by_folder" => self.folder_files(account, &given),
            "get_group_file_url" => self.file_url(account, &given, base),
            "_get_group_notice" => self.notice_list(account, &given),
            "_send_group_notice" => self.send_notice(at, account, &given),
            "send_group_msg" => self.send_message(at, account, &given),
            "set_group_whole_ban" => {
                let enable = given.flag("enable")?.unwrap_or(true);
                self.world.freeze(&given.id("group_id")?, account, enable)?;
                Ok(Value::Null)
            }
            "set_group_admin" => self.set_admin(account, &given),
            "set_group_kick" => self.kick(account, &given),
            "set_group_leave" => self.leave(at, account, &given),
            _ => Err(Failure::NoAction),
        }
    }

    /// Groups of the account. Without `no_cache`, and while the account is offline, as they were.
    fn group_list(&mut self, account: &str, given: &Given) -> Answer {
        let now = self.world.groups_of(account).map(|(id, _)| id.clone()).collect();
        let fresh = given.flag("no_cache")? == Some(true) && !self.offline.contains(account);
        if fresh || !self.cache.contains_key(account) {
            self.cache.insert(account.to_owned(), now);
        }
        let ids = self.cache.get(account).into_iter().flatten();
        Ok(ids.filter_map(|id| Some(views::group(self.plays, id, self.world.groups.get(id)?))).collect())
    }

    /// NapCat looks further, and answers for groups that the account has left or that are gone.
    fn group_info(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = match self.plays {
            Implementation::NapCat => self.world.group(&id)?,
            _ => self.world.seen_by(&id, account)?,
        };
        Ok(views::group(self.plays, &id, group))
    }

    fn member_list(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = self.world.seen_by(&id, account)?;
        Ok(group.members.keys().map(|member| views::member(self, &id, group, member)).collect())
    }

    fn member_info(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = self.world.seen_by(&id, account)?;
        let member = given.id("user_id")?;
        if !group.members.contains_key(&member) {
            return failed("MEMBER_NOT_FOUND", "no such member");
        }
        Ok(views::member(self, &id, group, &member))
    }

    fn notice_list(&self, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let group = self.world.seen_by(&id, account)?;
        let notices = group.messages.iter().filter(|message| self.is_notice(&id, &message.id));
        Ok(notices.map(views::notice).collect())
    }

    fn send_notice(&mut self, at: Time, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let made = self.world.announce(at, &id, account, given.text("content")?, None)?;
        self.notices.insert((id, made.clone()));
        Ok(match self.plays {
            Implementation::GoCqhttp => json!({ "notice_id": made }),
            Implementation::Lagrange => json!(made),
            _ => Value::Null,
        })
    }

    pub(super) fn is_notice(&self, group: &str, message: &str) -> bool {
        self.notices.contains(&(group.to_owned(), message.to_owned()))
    }

    /// A message of text. What a manager says counts as an announcement: there is no other sign of one.
    fn send_message(&mut self, at: Time, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        let text =
            views::words(given.0.get("message").ok_or(Failure::BadParams)?).ok_or(Failure::BadParams)?;
        let made = self.world.post(at, &id, account, text)?;
        let group = self.world.group(&id)?;
        let seq = group.messages.iter().find(|message| message.id == made).map_or(0, |message| message.seq);
        if group.standing(account) != Standing::Member {
            self.world.count(Op::Announce, &id);
        }
        Ok(json!({ "message_id": views::message_id(&id, seq) }))
    }

    /// NapCat takes a missing `enable` for no.
    fn set_admin(&mut self, account: &str, given: &Given) -> Answer {
        let (id, member) = (given.id("group_id")?, given.id("user_id")?);
        let default = self.plays != Implementation::NapCat;
        let enable = given.flag("enable")?.unwrap_or(default);
        self.world.seen_by(&id, account)?;
        let group = self.world.group_mut(&id)?;
        if group.standing(account) != Standing::Owner || member == account {
            return failed("PERMISSION_DENIED", "only the owner");
        }
        match group.members.get_mut(&member) {
            Some(place) => place.standing = if enable { Standing::Admin } else { Standing::Member },
            None => return failed("MEMBER_NOT_FOUND", "no such member"),
        }
        Ok(Value::Null)
    }

    fn kick(&mut self, account: &str, given: &Given) -> Answer {
        let (id, member) = (given.id("group_id")?, given.id("user_id")?);
        let bot = self.world.is_bot(&member);
        let group = self.world.managed_by(&id, account)?;
        if group.standing(&member) >= group.standing(account) {
            if !group.members.contains_key(&member) {
                return failed("MEMBER_NOT_FOUND", "no such member");
            }
            group.members.remove(&member);
            self.told.kicked(&id, &member, account);
            if bot {
                self.world.count(Op::Unlink, &id);
            }
            return Ok(Value::Null);
        }
        failed("NOT_MANAGEABLE", "that member stands higher")
    }

    /// What everybody calls a leave. `is_dismiss` is read by nobody.
    fn leave(&mut self, at: Time, account: &str, given: &Given) -> Answer {
        let id = given.id("group_id")?;
        given.flag("is_dismiss")?;
        let seen = self.world.seen_by(&id, account).map(|group| group.standing(account));
        let owner = seen == Ok(Standing::Owner);
        match (self.plays, seen) {
            (Implementation::NapCat | Implementation::LlOneBot, seen) => {
                seen?;
                if owner { self.world.end(at, &id, account)? } else { self.world.leave(&id, account)? }
            }
            // The result is thrown away, or there is none: the answer is OK whatever happened.
            (Implementation::Lagrange | Implementation::GoCqhttp, Ok(_)) if !owner => {
                self.world.leave(&id, account)?;
            }
            (Implementation::Lagrange | Implementation::GoCqhttp, _) => {}
            (Implementation::Unknown, seen) => {
                seen?;
                self.world.leave(&id, account)?;
            }
        }
        Ok(Value::Null)
    }
}
