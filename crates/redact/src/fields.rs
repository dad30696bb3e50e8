//! Which keys of a JSON object hold what.

use crate::kind::Kind;

/// What the value of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A text in which identifiers may be.
    Text,
    /// Anything: somebody's account wholly, or a text.
    Value,
    /// An identifier of this kind, all of it: a person's name or account, a telephone number.
    Whole(Kind),
    /// Which record it is, or when it was: a number stays, a text is searched like any other.
    Id,
    /// A word out of a fixed list: it stays.
    Keep,
    /// What can't be searched: `null` takes its place.
    Drop,
}

/// Which keys are looked at.
#[derive(Debug, Clone)]
pub struct Fields {
    known: Vec<(String, Field)>,
    others: Field,
    /// Whether lines say which of them are the platform's own rows.
    pub(crate) system_rows: bool,
}

/// Keys of chat exports as their tools write them: canonical records, chatlog, QQ Chat Exporter, WeFlow, DiscordChatExporter, ChatLab, Telegram, Slack,
/// Mattermost. Compared without regard to case.
const CHAT: [(&[&str], Field); 11] = [
    (
        &["kind", "type", "_type", "subtype", "msgtype", "localtype", "media_type", "mime_type", "mimetype"],
        Field::Keep,
    ),
    (
        &[
            "id",
            "reply_to",
            "thread",
            "target",
            "reply_to_message_id",
            "msg_id",
            "msgid",
            "message_id",
            "messageid",
            "localid",
            "seq",
            "at",
            "time",
            "date",
            "timestamp",
            "ts",
            "createtime",
            "create_at",
            "created",
            "date_unixtime",
            "edited_unixtime",
            "timestampedited",
            "exportedat",
            "formattedtime",
            "bytes",
            "size",
        ],
        Field::Id,
    ),
    (
        &[
            "sender",
            "sendername",
            "sender_name",
            "sender_id",
            "senderid",
            "senderusername",
            "senderdisplayname",
            "from",
            "from_id",
            "fromuser",
            "author",
            "author_id",
            "authorid",
            "actor",
            "actor_id",
            "user",
            "user_id",
            "userid",
            "username",
            "user_name",
            "user_profile",
            "nickname",
            "nick",
            "nick_name",
            "displayname",
            "display_name",
            "real_name",
            "realname",
            "groupnickname",
            "group_nickname",
            "card",
            "remark",
            "account",
            "accountname",
            "account_name",
            "account_id",
            "accountid",
            "platformid",
            "uid",
            "uin",
            "openid",
            "open_id",
            "unionid",
            "staffid",
            "staff_id",
            "member",
            "members",
            "member_id",
            "participant",
            "participants",
            "mentions",
            "owner",
            "owners",
            "creator",
            "inviter",
            "invitee",
            "talker",
            "talkername",
            "selfuid",
            "selfuin",
            "selfname",
            "aliases",
        ],
        Field::Whole(Kind::Person),
    ),
    (
        &["phone", "mobile", "phone_number", "phonenumber", "tel", "telephone", "cellphone"],
        Field::Whole(Kind::Mobile),
    ),
    (&["email", "e_mail", "mail"], Field::Whole(Kind::Email)),
    (&["text"], Field::Text),
    // A conversation of two is called after one of them.
    (&["conversation", "channel", "room_id", "chat_id"], Field::Value),
    (&["wxid", "wechat", "wechat_id"], Field::Whole(Kind::Wechat)),
    (&["qq", "qq_number"], Field::Whole(Kind::Qq)),
    (&["ip", "ip_address"], Field::Whole(Kind::Ip)),
    // The platform's own bytes say everything once more; a portrait and what was drawn from a person's page say who somebody is.
    (
        &[
            "raw",
            "rawmessage",
            "avatar",
            "avatars",
            "avatarurl",
            "avatar_url",
            "avatarkey",
            "senderavatarkey",
            "headimgurl",
            "device_id",
            "deviceid",
        ],
        Field::Drop,
    ),
];

impl Fields {
    /// These keys and no others.
    pub fn new<'a>(keys: impl IntoIterator<Item = (&'a str, Field)>) -> Self {
        let known = keys.into_iter().map(|(key, field)| (key.to_owned(), field)).collect();
        Self { known, others: Field::Keep, system_rows: false }
    }

    /// Lines of chat: keys whose meaning is known, and every other value, and every other key, as a text.
    pub fn chat() -> Self {
        let known = CHAT.iter().flat_map(|(keys, field)| keys.iter().map(|key| ((*key).to_owned(), *field)));
        Self { known: known.collect(), others: Field::Value, system_rows: true }
    }

    /// What the value of a key is, and whether the key was known. What stands inside a person's value without a key of its own is the person's too.
    pub(crate) fn of(&self, key: &str, around: Option<Field>) -> (Field, bool) {
        let known =
            self.known.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, field)| *field);
        match (known, around) {
            (None | Some(Field::Id), Some(around)) => (around, known.is_some()),
            (Some(field), _) => (field, true),
            (None, None) => (self.others, false),
        }
    }

    /// What a value is that no key stands before.
    pub(crate) fn others(&self) -> Field {
        self.others
    }
}
