//! Draws a page. Pure; every text is escaped.

use std::fmt::Write as _;

use adjourn_world::phone::{Bubble, Field, FieldKind, Form, Page, Row, Section, Side, Weight};

const CSS: &str = include_str!("phone.css");

/// The page as HTML, with what the platform refused at its top.
pub(super) fn page(page: &Page, refused: Option<&str>) -> String {
    let mut html = String::with_capacity(CSS.len() + 4_096);
    let lang = escape(&page.lang);
    let title = format!("{} \u{00b7} {}", escape(&page.title), escape(&page.app));
    let colour = colour(&page.colour);
    add(
        &mut html,
        &format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
             <style>:root {{ --app: {colour}; }}\n{CSS}</style></head><body>"
        ),
    );
    add(&mut html, &format!("<p class=\"simulated\" role=\"note\">{}</p>", escape(&page.simulated)));
    add(&mut html, "<div class=\"phone\"><header>");
    match &page.back {
        Some(back) => {
            add(&mut html, &format!("<a href=\"{}\" aria-label=\"back\">\u{2039}</a>", escape(back)));
        }
        None => add(&mut html, "<span></span>"),
    }
    add(&mut html, &format!("<h1>{}</h1>", escape(&page.title)));
    match &page.menu {
        Some(Row { text, detail, href: Some(href), .. }) => {
            let label = escape(detail);
            let text = escape(text);
            add(
                &mut html,
                &format!("<a href=\"{}\" title=\"{label}\" aria-label=\"{label}\">{text}</a>", escape(href)),
            );
        }
        _ => add(&mut html, "<span></span>"),
    }
    let person = page.person.as_deref().unwrap_or(&page.app);
    add(
        &mut html,
        &format!(
            "</header><div class=\"who\"><span>{}</span><time datetime=\"{}\">{}</time></div><main>",
            escape(person),
            page.at,
            clock(&page.at.plus_secs(8 * 3600).to_string())
        ),
    );
    if let Some(refused) = refused {
        add(&mut html, &format!("<p class=\"refused\" role=\"alert\">{}</p>", escape(refused)));
    }
    for section in &page.sections {
        draw(&mut html, section);
    }
    add(&mut html, "</main></div></body></html>\n");
    html
}

fn draw(html: &mut String, section: &Section) {
    match section {
        Section::Heading(text) => add(html, &format!("<h2>{}</h2>", escape(text))),
        Section::Text(text) => add(html, &format!("<p>{}</p>", escape(text))),
        Section::Warning(text) => add(html, &format!("<p class=\"warning\">{}</p>", escape(text))),
        Section::Rows(rows) => {
            add(html, "<ul>");
            for it in rows {
                row(html, it);
            }
            add(html, "</ul>");
        }
        Section::Bubbles(bubbles) => {
            add(html, "<div class=\"bubbles\">");
            for it in bubbles {
                bubble(html, it);
            }
            add(html, "</div>");
        }
        Section::Code { caption, code } => add(
            html,
            &format!("<div class=\"code\"><strong>{}</strong>{}</div>", escape(code), escape(caption)),
        ),
        Section::Form(it) => form(html, it, ""),
    }
}

fn row(html: &mut String, row: &Row) {
    let detail =
        if row.detail.is_empty() { String::new() } else { format!("<small>{}</small>", escape(&row.detail)) };
    let mark = row.mark.as_deref().map(|mark| format!("<span class=\"mark\">{}</span>", escape(mark)));
    let inner =
        format!("<span class=\"text\">{}{detail}</span>{}", escape(&row.text), mark.unwrap_or_default());
    match &row.href {
        Some(href) => {
            add(
                html,
                &format!("<li><a href=\"{}\">{inner}<span class=\"go\"></span></a></li>", escape(href)),
            );
        }
        None => add(html, &format!("<li><div>{inner}</div></li>")),
    }
}

fn bubble(html: &mut String, bubble: &Bubble) {
    let side = match bubble.side {
        Side::Mine => "mine",
        Side::Theirs => "theirs",
        Side::System => "system",
    };
    let time = clock(&bubble.at.plus_secs(8 * 3600).to_string());
    let from = if bubble.side == Side::System {
        String::new()
    } else {
        format!("{} \u{00b7} ", escape(&bubble.from))
    };
    add(
        html,
        &format!(
            "<div class=\"bubble {side}\"><small>{from}{time}</small><span class=\"said\">{}</span>",
            escape(&bubble.text)
        ),
    );
    if let Some(press) = &bubble.press {
        form(html, press, "press");
    }
    add(html, "</div>");
}

fn form(html: &mut String, form: &Form, class: &str) {
    add(html, &format!("<form method=\"post\" action=\"{}\" class=\"{class}\">", escape(&form.action)));
    if !form.hint.is_empty() {
        add(html, &format!("<p>{}</p>", escape(&form.hint)));
    }
    for it in &form.fields {
        field(html, it);
    }
    let weight = match form.weight {
        Weight::Plain => "plain",
        Weight::Main => "main",
        Weight::Danger => "danger",
    };
    add(html, &format!("<button class=\"{weight}\">{}</button></form>", escape(&form.button)));
}

fn field(html: &mut String, field: &Field) {
    let (name, label, value) = (escape(&field.name), escape(&field.label), escape(&field.value));
    match &field.kind {
        FieldKind::Hidden => {
            add(html, &format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"));
        }
        FieldKind::Text => add(
            html,
            &format!("<label>{label}<input name=\"{name}\" value=\"{value}\" autocomplete=\"off\"></label>"),
        ),
        FieldKind::Choice(options) => {
            add(html, &format!("<label>{label}<select name=\"{name}\">"));
            for (value, text) in options {
                add(html, &format!("<option value=\"{}\">{}</option>", escape(value), escape(text)));
            }
            add(html, "</select></label>");
        }
    }
}

/// `2026-01-01T09:00:00.000Z` as a phone shows it.
fn clock(text: &str) -> String {
    text.replace('T', " ").chars().take("2026-01-01 00:00:00".len()).collect()
}

/// A colour, or none of ours.
fn colour(text: &str) -> &str {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let plain = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if plain { text } else { "#3b5b7a" }
}

fn add(html: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = html.write_str(text);
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // What turns the direction of the rest of the line around would turn the page's own words too.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_group_is_called_it_stays_text() {
        let evil = "<script>alert('x')</script>\" onload=\"y\u{202e}";
        let shown = Page {
            title: evil.to_owned(),
            person: Some(evil.to_owned()),
            colour: "red;}body{display:none".to_owned(),
            menu: Some(Row {
                text: evil.to_owned(),
                detail: evil.to_owned(),
                href: Some(evil.to_owned()),
                mark: None,
            }),
            sections: vec![
                Section::Heading(evil.to_owned()),
                Section::Rows(vec![Row {
                    text: evil.to_owned(),
                    mark: Some(evil.to_owned()),
                    ..Row::default()
                }]),
                Section::Form(Form {
                    action: evil.to_owned(),
                    button: evil.to_owned(),
                    fields: vec![Field {
                        name: evil.to_owned(),
                        label: evil.to_owned(),
                        value: evil.to_owned(),
                        kind: FieldKind::Choice(vec![(evil.to_owned(), evil.to_owned())]),
                    }],
                    ..Form::default()
                }),
            ],
            ..Page::default()
        };
        let html = page(&shown, Some(evil));
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("onload=\""), "{html}");
        assert!(!html.contains("display:none") && !html.contains('\u{202e}'), "{html}");
        assert!(html.contains("&lt;script&gt;"));
    }
}
