//! Puts what somebody typed back into its form: on a page of ours, into the form that it was sent from, by name. The page is one of our own templates,
//! so its markup is plain: attributes in double quotes, no sign `>` in them.
//!
//! Invariants: hidden fields, passwords and files stay as the page has them, because a page knows best which plan it shows; nothing but values is put
//! in, and all of them are escaped; what has no place any more is given back, so that nobody loses it.

use crate::html::Html;

/// The page with the values in it, and the values that had no place.
pub(crate) fn fill(page: &str, action: &str, fields: &[(String, String)]) -> (String, Vec<(String, String)>) {
    let mut left: Vec<(String, String)> = fields.to_vec();
    let mut filled = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find("<form") {
        let (before, form) = rest.split_at(at);
        filled.push_str(before);
        let end = form.find("</form>").unwrap_or(form.len());
        let (form, after) = form.split_at(end);
        if is_it(form, action, fields) {
            filled.push_str(&filled_in(form, &mut left));
            // What the form carries by itself is not lost with it.
            left.retain(|(name, value)| !carries(form, name, value));
        } else {
            filled.push_str(form);
        }
        rest = after;
    }
    filled.push_str(rest);
    (filled, left)
}

/// Fields whose value the page knows best.
const OWN: [&str; 2] = ["plan", "from"];

/// Whether it is the form that the fields were sent from: of several with one action the one whose hidden fields agree.
fn is_it(form: &str, action: &str, fields: &[(String, String)]) -> bool {
    let opening = form.split_once('>').map_or(form, |(tag, _)| tag);
    attribute(opening, "action") == Some(escaped(action).as_str())
        && tags(form, "input").filter(|tag| attribute(tag, "type") == Some("hidden")).all(|tag| {
            let name = attribute(tag, "name").unwrap_or_default();
            OWN.contains(&name) || fields.iter().any(|(key, value)| key == name && is_value(tag, value))
        })
}

fn carries(form: &str, name: &str, value: &str) -> bool {
    tags(form, "input").any(|tag| {
        attribute(tag, "type") == Some("hidden")
            && attribute(tag, "name") == Some(name)
            && (OWN.contains(&name) || is_value(tag, value))
    })
}

fn filled_in(form: &str, left: &mut Vec<(String, String)>) -> String {
    let mut filled = String::with_capacity(form.len());
    let mut rest = form;
    let mut list: Option<String> = None;
    while let Some(at) = rest.find('<') {
        let (text, markup) = rest.split_at(at);
        filled.push_str(text);
        let Some(end) = markup.find('>') else { break };
        let (tag, after) = markup.split_at(end);
        rest = after;
        let name = attribute(tag, "name").unwrap_or_default();
        if tag.starts_with("<input ") {
            filled.push_str(&input(tag, name, left));
        } else if tag.starts_with("<textarea") {
            filled.push_str(tag);
            if let Some(value) = take(left, |(key, _)| key == name) {
                // The page's own text makes way.
                let own = rest.find("</textarea>").unwrap_or(1);
                filled.push('>');
                filled.push_str(&escaped(&value));
                rest = rest.split_at(own).1;
            }
        } else if tag.starts_with("<select") {
            list = left.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            filled.push_str(tag);
            if list.is_some() {
                take(left, |(key, _)| key == name);
            }
        } else if tag.starts_with("<option") && list.as_deref().is_some_and(|value| is_value(tag, value)) {
            filled.push_str(tag);
            filled.push_str(" selected");
        } else {
            filled.push_str(tag);
        }
    }
    filled.push_str(rest);
    filled
}

fn input(tag: &str, name: &str, left: &mut Vec<(String, String)>) -> String {
    match attribute(tag, "type").unwrap_or("text") {
        "checkbox" | "radio" => match take(left, |(key, value)| key == name && is_value(tag, value)) {
            Some(_) if !tag.contains(" checked") => format!("{tag} checked"),
            _ => tag.to_owned(),
        },
        "hidden" | "password" | "file" | "submit" => tag.to_owned(),
        _ => match take(left, |(key, _)| key == name) {
            Some(value) => {
                let bare = match attribute(tag, "value") {
                    Some(old) => tag.replace(&format!(" value=\"{old}\""), ""),
                    None => tag.to_owned(),
                };
                format!("{bare} value=\"{}\"", escaped(&value))
            }
            None => tag.to_owned(),
        },
    }
}

fn take(left: &mut Vec<(String, String)>, is_it: impl Fn(&(String, String)) -> bool) -> Option<String> {
    let at = left.iter().position(is_it)?;
    Some(left.remove(at).1)
}

fn tags<'a>(form: &'a str, name: &'static str) -> impl Iterator<Item = &'a str> {
    let opened = form.split('<').filter(move |part| part.starts_with(name));
    opened.map(|part| part.split_once('>').map_or(part, |(tag, _)| tag))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

/// Whether a tag has this value, as text.
fn is_value(tag: &str, value: &str) -> bool {
    attribute(tag, "value").unwrap_or("on") == escaped(value)
}

fn escaped(text: &str) -> String {
    let mut html = Html::new();
    html.text(text);
    html.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const PAGE: &str = r#"<p>x</p><form method="post" action="/case/c-1/answer" class="card">
<input type="hidden" name="question" value="0"><textarea name="text" rows="3"></textarea></form>
<form method="post" action="/case/c-1/answer"><input type="hidden" name="question" value="1"><textarea name="text" rows="3">own</textarea>
<input type="hidden" name="plan" value="new"><input name="reason" value="old" required><input name="password" type="password">
<select name="kind"><option value="a">A</option><option value="b">B</option></select>
<input type="checkbox" name="group" value="g-1"><input type="checkbox" name="group" value="g-2"></form>"#;

    #[test]
    fn what_was_typed_is_back_in_the_form_that_it_was_sent_from() {
        let typed = fields(&[
            ("question", "1"),
            ("plan", "old"),
            ("text", "a <b> & \"c\""),
            ("reason", "\u{7406}\u{7531}"),
            ("kind", "b"),
            ("group", "g-2"),
            ("password", "secret"),
        ]);
        let (page, left) = fill(PAGE, "/case/c-1/answer", &typed);
        let (first, second) = page.split_once("</form>").unwrap();
        assert!(first.ends_with("rows=\"3\"></textarea>"), "the other form is as it was: {first}");
        assert!(second.contains(">a &lt;b&gt; &amp; &quot;c&quot;</textarea>") && !second.contains("own"));
        assert!(second.contains("name=\"reason\" required value=\"\u{7406}\u{7531}\">"), "{second}");
        assert!(second.contains("<option value=\"b\" selected>") && second.contains("<option value=\"a\">"));
        assert!(second.contains("value=\"g-2\" checked>") && second.contains("value=\"g-1\">"));
        assert!(second.contains("name=\"plan\" value=\"new\""), "the page knows which plan it shows");
        assert!(!page.contains("secret"));
        assert_eq!(left, fields(&[("password", "secret")]));
    }

    #[test]
    fn what_has_no_place_any_more_is_given_back() {
        for action in ["/case/c-1/reject", "/case/c-1"] {
            let typed = fields(&[("reason", "because")]);
            assert_eq!(fill(PAGE, action, &typed), (PAGE.to_owned(), typed));
        }
        let (page, left) = fill("<form action=\"/a\"><input name=\"x\"", "/a", &fields(&[("x", "1")]));
        assert_eq!((page.as_str(), left.len()), ("<form action=\"/a\"><input name=\"x\"", 1), "cut off");
    }
}
