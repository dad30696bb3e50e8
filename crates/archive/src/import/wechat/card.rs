//! What the client keeps of a message that is no text: XML, which `MemoTrace` and `PyWxDump` write as it is, where others make words of it.
//!
//! ```text
//! 3 <msg><img md5 length/>   34 <msg><voicemsg/><voicetrans transtext/>   37 <msg fromnickname content/>
//! 42 <msg username nickname alias/>   43 <msg><videomsg md5 length/>
//! 47 <msg><emoji md5 len/>   48 <msg><location x y label poiname/>        50 <voipmsg><VoIPBubbleMsg><msg>
//! 49 <msg><appmsg><title><des><url><type><refermsg><svrid>…<wcpayinfo><feedesc><pay_memo>…<appattach><totallen>…<md5>
//! 10000, 10002 <sysmsg><revokemsg><replacemsg> │ <sysmsg><sysmsgtemplate><content_template><template>"$username$"…<link_list><link name><nickname>
//! ```
//!
//! The client's XML is often no XML at all (a name with `&` in it, two roots), so it is looked through for what is sought and not parsed.

use adjourn_domain::message::Attachment;

/// Types of rows that the client itself wrote.
const SYSTEM: [i64; 2] = [10_000, 10_002];
/// Elements within the words of such rows, which stand for links and pictures.
const LINKS: [&str; 6] = ["_wc_custom_link_", "revokemsg", "a", "img", "span", "br"];

/// Bytes of words that a template may become, unless all of the XML is longer.
const MAX_SAID: usize = 16 * 1024;

/// What a message says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Card {
    /// Its words.
    pub(super) text: Option<String>,
    /// The file that it carries.
    pub(super) file: Option<Attachment>,
    /// The server's id of the message that it answers.
    pub(super) answers: Option<String>,
    /// The subtype that the card itself says.
    pub(super) sub: Option<i64>,
    /// Whether it says that a message was taken back.
    pub(super) recall: bool,
}

/// What a message of a type says; `None` where these are its words.
pub(super) fn card(code: i64, text: &str) -> Option<Card> {
    if SYSTEM.contains(&code) {
        return system(text);
    }
    // Whoever types a tag types text.
    if code == 1 || !text.trim_start().starts_with('<') {
        return None;
    }
    let card = match code {
        3 => file(text, "img", &["md5"], &["hdlength", "length"]),
        43 => file(text, "videomsg", &["md5", "rawmd5", "newmd5"], &["length"]),
        47 => file(text, "emoji", &["md5", "cdnurl"], &["len"]),
        34 => Card { text: attribute(text, "voicetrans", "transtext"), ..Card::default() },
        37 => lines(&[attribute(text, "msg", "fromnickname"), attribute(text, "msg", "content")]),
        42 | 66 => lines(&[
            attribute(text, "msg", "nickname"),
            attribute(text, "msg", "alias").or_else(|| attribute(text, "msg", "username")),
        ]),
        48 => place(text),
        49 => app(text),
        50 => lines(&[element(text, "msg")]),
        _ => return None,
    };
    // What can't be found in it is shown as it is.
    (card != Card::default() || known(code, text)).then_some(card)
}

/// Whether it is what the client keeps of this type, even when it says nothing.
fn known(code: i64, text: &str) -> bool {
    let root = match code {
        3 => "<img",
        34 => "<voicemsg",
        43 => "<videomsg",
        47 => "<emoji",
        50 => "<voip",
        _ => return false,
    };
    text.contains(root)
}

fn lines(parts: &[Option<String>]) -> Card {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    Card { text: (!parts.is_empty()).then(|| parts.join("\n")), ..Card::default() }
}

fn file(text: &str, tag: &str, ids: &[&str], sizes: &[&str]) -> Card {
    let first = |names: &[&str]| names.iter().find_map(|name| attribute(text, tag, name));
    let bytes = first(sizes).and_then(|size| size.parse().ok()).filter(|size| *size > 0);
    let of = |id: String| Attachment { id: id.into(), name: String::new(), bytes, media_type: None };
    Card { file: first(ids).map(of), ..Card::default() }
}

fn place(text: &str) -> Card {
    let of = |name| attribute(text, "location", name);
    let at = of("x").zip(of("y")).map(|(x, y)| format!("{x}, {y}"));
    lines(&[of("poiname"), of("label"), at])
}

fn app(text: &str) -> Card {
    let of = |name| element(text, name);
    let sub = of("type").and_then(|sub| sub.parse().ok());
    let title = of("title");
    let mut card = match sub {
        // Its title is what was typed; what it answers lies within.
        Some(57) => lines(&[title]),
        Some(2000) => lines(&[of("feedesc"), of("pay_memo")]),
        Some(2001) => lines(&[of("sendertitle").or(title)]),
        Some(87) => lines(&[of("textannouncement").or(title)]),
        Some(62) => lines(&[of("template").or(title)]),
        Some(6 | 74) => Card {
            file: of("md5").or_else(|| of("attachid")).map(|id| Attachment {
                id: id.into(),
                name: title.clone().unwrap_or_default(),
                bytes: of("totallen").and_then(|size| size.parse().ok()),
                media_type: None,
            }),
            ..lines(&[title])
        },
        _ => lines(&[title, of("des"), of("url")]),
    };
    card.answers = text
        .split_once("<refermsg")
        .and_then(|(_, rest)| element(rest, "svrid"))
        .filter(|id| id.bytes().any(|digit| digit != b'0'));
    card.sub = sub;
    card
}

fn system(text: &str) -> Option<Card> {
    if !text.contains('<') {
        return None;
    }
    let recall = text.contains("<revokemsg");
    let said = element(text, "replacemsg").or_else(|| template(text));
    if said.is_some() {
        return Some(Card { text: said, recall, ..Card::default() });
    }
    if text.trim_start().starts_with("<sysmsg") {
        let said = element(text, "plain").or_else(|| element(text, "content"));
        return said.map(|said| Card { text: Some(said), recall, ..Card::default() });
    }
    let shown = shown(text);
    (shown != text).then(|| Card { text: Some(shown), recall, ..Card::default() })
}

/// The words of a template, with the names that its links stand for.
fn template(text: &str) -> Option<String> {
    let mut said = element(text, "template")?;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("<link ") {
        let (link, behind) = after.split_once("</link>").unwrap_or((after, ""));
        rest = behind;
        let Some(name) = value(link, "name") else { continue };
        let separator = element(link, "separator").unwrap_or_else(|| "\u{3001}".to_owned());
        let mut names = Vec::new();
        let mut people = link;
        while let Some((_, after)) = people.split_once("<nickname>") {
            let (nick, behind) = after.split_once("</nickname>").unwrap_or((after, ""));
            names.push(plain(nick));
            people = behind;
        }
        let stands_for = if names.is_empty() {
            element(link, "title").unwrap_or_default()
        } else {
            names.join(&separator)
        };
        let place = format!("${name}$");
        // No client writes so much; what is made up could ask for any memory.
        if said.len() + said.matches(&place).count() * stands_for.len() <= MAX_SAID.max(text.len()) {
            said = said.replace(&place, &stands_for);
        }
    }
    Some(said)
}

/// Words without the links and pictures among them.
fn shown(text: &str) -> String {
    let text = text.replace("<![CDATA[", "").replace("]]>", "");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let tag = after.trim_start_matches('/');
        let name = tag.split(|sign: char| sign.is_whitespace() || matches!(sign, '>' | '/')).next();
        match after.split_once('>') {
            Some((_, behind)) if name.is_some_and(|name| LINKS.contains(&name)) => rest = behind,
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// What the first element of a name holds; `None` where it is empty.
fn element(xml: &str, name: &str) -> Option<String> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = after;
        let Some(behind) = after.strip_prefix(name) else { continue };
        if !behind.starts_with(|sign: char| sign == '>' || sign.is_whitespace()) {
            continue;
        }
        let (tag, inner) = behind.split_once('>')?;
        if tag.ends_with('/') {
            return None;
        }
        let (inner, _) = inner.split_once(&format!("</{name}>"))?;
        return Some(plain(inner)).filter(|text| !text.is_empty());
    }
}

/// An attribute of the first element of a name; `None` where it is empty.
fn attribute(xml: &str, name: &str, attribute: &str) -> Option<String> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = after;
        let Some(behind) = after.strip_prefix(name) else { continue };
        // The outermost element has the same name as one of a card within.
        let Some(tag) = behind.strip_prefix(char::is_whitespace) else { continue };
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        if let Some(found) = value(tag, attribute) {
            return Some(found).filter(|text| !text.is_empty());
        }
    }
}

/// An attribute in the inside of a tag.
fn value(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(name)?;
        rest = after;
        if !(before.is_empty() || before.ends_with(char::is_whitespace)) {
            continue;
        }
        let Some(behind) = after.trim_start().strip_prefix('=') else { continue };
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
        return behind.get(1..)?.split_once(quote).map(|(value, _)| plain(value));
    }
}

/// A text without `CDATA` around it, with what its entities stand for.
fn plain(text: &str) -> String {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("<![CDATA[") {
        return inner.strip_suffix("]]>").unwrap_or(inner).trim().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known = after.split_once(';').and_then(|(name, behind)| Some((entity(name)?, behind)));
        rest = if let Some((sign, behind)) = known {
            out.push(sign);
            behind
        } else {
            out.push('&');
            after
        };
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(code: i64, xml: &str) -> Option<String> {
        card(code, xml).and_then(|card| card.text)
    }

    #[test]
    fn a_template_that_would_become_endless_stays() {
        let (places, name) = ("$a$".repeat(100_000), "b".repeat(100_000));
        let xml = format!(
            "<sysmsg><template>{places}</template><link name=\"a\"><nickname>{name}</nickname></link></sysmsg>"
        );
        assert_eq!(text(10_000, &xml), Some(places));
    }

    #[test]
    fn files_and_words_are_found_and_what_was_typed_stays() {
        let image = r#"<?xml version="1.0"?><msg><img aeskey="a" cdnthumblength="3" length="64345" md5="0f1e" /></msg>"#;
        let found = card(3, image).unwrap();
        let file = found.file.unwrap();
        assert_eq!((file.id.as_str(), file.bytes, found.text), ("0f1e", Some(64345), None));
        assert_eq!(card(3, "<msg><img aeskey='a'/></msg>"), Some(Card::default()), "no hash is no words");
        assert_eq!(
            text(34, "<msg><voicemsg voicelength=\"2100\"/><voicetrans transtext=\"a &amp; b\"/></msg>")
                .as_deref(),
            Some("a & b")
        );
        assert_eq!(
            text(42, "<msg username=\"wxid_x\" nickname=\"A&#x20;B\" alias=\"\" />").as_deref(),
            Some("A B\nwxid_x")
        );
        let place = r#"<msg><location x="31.2" y="121.5" scale="16" label="Road 1" poiname="Mill"/></msg>"#;
        assert_eq!(text(48, place).as_deref(), Some("Mill\nRoad 1\n31.2, 121.5"));
        for typed in [(1, image), (3, "no tag"), (11_000, image), (10_000, "\"a < b\" joined")] {
            assert_eq!(card(typed.0, typed.1), None, "{typed:?}");
        }
    }

    #[test]
    fn cards_say_what_they_are() {
        let answer = "<msg><appmsg appid=\"\"><title>yes</title><des /><type>57</type><refermsg><type>1</type>\
            <svrid>9007199254740993001</svrid><content>no</content></refermsg></appmsg></msg>";
        let found = card(49, answer).unwrap();
        assert_eq!((found.text.as_deref(), found.sub), (Some("yes"), Some(57)));
        assert_eq!(found.answers.as_deref(), Some("9007199254740993001"));
        let file = "<msg><appmsg><title><![CDATA[a.pdf]]></title><type>6</type><appattach><totallen>12</totallen>\
            </appattach><md5>ab</md5></appmsg></msg>";
        let found = card(49, file).unwrap().file.unwrap();
        assert_eq!((found.id.as_str(), found.name.as_str(), found.bytes), ("ab", "a.pdf", Some(12)));
        let pay = "<msg><appmsg><title>x</title><type>2000</type><wcpayinfo><feedesc>1.00</feedesc><pay_memo>tea</pay_memo></wcpayinfo></appmsg></msg>";
        assert_eq!(text(49, pay).as_deref(), Some("1.00\ntea"));
        let call = "<voipmsg type=\"VoIPBubbleMsg\"><VoIPBubbleMsg><msg><![CDATA[03:12]]></msg></VoIPBubbleMsg></voipmsg>";
        assert_eq!(text(50, call).as_deref(), Some("03:12"));
    }

    #[test]
    fn rows_of_the_client_are_read_as_they_are_shown() {
        let recall = "<sysmsg type=\"revokemsg\"><revokemsg><session>g</session><newmsgid>7</newmsgid>\
            <replacemsg><![CDATA[\"Ada\" recalled]]></replacemsg></revokemsg></sysmsg>";
        let found = card(10_002, recall).unwrap();
        assert_eq!((found.text.as_deref(), found.recall), (Some("\"Ada\" recalled"), true));
        let invited = "<sysmsg type=\"sysmsgtemplate\"><sysmsgtemplate><content_template><plain><![CDATA[]]></plain>\
            <template><![CDATA[\"$username$\" invited $names$]]></template><link_list><link name=\"username\"><memberlist>\
            <member><nickname><![CDATA[Ada]]></nickname></member></memberlist></link><link name=\"names\"><memberlist><member>\
            <nickname>Bo</nickname></member><member><nickname>Li</nickname></member></memberlist><separator>, </separator>\
            </link></link_list></content_template></sysmsgtemplate></sysmsg>";
        assert_eq!(text(10_000, invited).as_deref(), Some("\"Ada\" invited Bo,Li"));
        let edit = "<![CDATA[You recalled <a href=\"weixin://revoke_edit_click\">edit</a>]]>";
        assert_eq!(text(10_000, edit).as_deref(), Some("You recalled edit"));
        let packet = "<img src=\"Hongbao.png\"/>  Bo took <_wc_custom_link_ color=\"#1\" href=\"weixin://x\">it</_wc_custom_link_>";
        assert_eq!(text(10_000, packet).as_deref(), Some("Bo took it"));
        let own = card(10_000, "<revokemsg>You recalled</revokemsg>").unwrap();
        assert_eq!((own.text.as_deref(), own.recall), (Some("You recalled"), true));
        // Broken ones end, whatever is missing.
        for broken in
            ["<", "<sysmsg", "<template>", "<template><![CDATA[$a$", "<link <link name=", "&#xffffffff;<a"]
        {
            let _ = (card(10_000, broken), card(49, broken), card(3, broken));
        }
    }
}
