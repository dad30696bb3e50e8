//! The questions, asked on a terminal.

use std::io::{BufRead, Write};
use std::str::FromStr;

use adjourn_app::AppError;
use adjourn_domain::guide::{Answers, Button, Hanging, Holds, Keep, Owner};
use adjourn_i18n::{Lang, msg, word};

/// How often a question is asked before it is given up.
const MAX_TRIES: usize = 5;

/// Asks everything.
pub(crate) fn ask(lang: Lang, from: &mut impl BufRead, to: &mut impl Write) -> Result<Answers, AppError> {
    let mut talk = Talk { lang, from, to };
    let owner = talk.one(Owner::ALL, Owner::slug, "guide-owner", msg::guide_ask_owner)?;
    let holds = talk.several(Holds::ALL, Holds::slug, "guide-holds", msg::guide_ask_holds)?;
    let links = talk.several(Hanging::ALL, Hanging::slug, "guide-links", msg::guide_ask_links)?;
    let keep = talk.several(Keep::ALL, Keep::slug, "guide-keep", msg::guide_ask_keep)?;
    let button = match owner {
        Owner::Me => talk.one(Button::ALL, Button::slug, "guide-button", msg::guide_ask_button)?,
        Owner::Other | Owner::Gone => Button::Present,
    };
    Ok(Answers {
        owner,
        holds: holds.into_iter().collect(),
        links: links.into_iter().collect(),
        keep: keep.into_iter().collect(),
        button,
    })
}

/// The choices of a flag: `a,b`, or `nothing` and `none` for no choice at all.
pub(crate) fn parse_list<T: FromStr>(given: &str) -> Result<Vec<T>, String> {
    given
        .split([',', '\u{ff0c}', '\u{3001}'])
        .map(str::trim)
        .filter(|text| !matches!(*text, "" | "nothing" | "none"))
        .map(|text| text.parse().map_err(|_| text.to_owned()))
        .collect()
}

struct Talk<'a, R, W> {
    lang: Lang,
    from: &'a mut R,
    to: &'a mut W,
}

impl<R: BufRead, W: Write> Talk<'_, R, W> {
    fn one<T: Copy>(
        &mut self,
        all: &[T],
        slug: fn(T) -> &'static str,
        family: &str,
        question: fn(Lang) -> String,
    ) -> Result<T, AppError> {
        self.say(&question(self.lang))?;
        self.choices(all, slug, family)?;
        self.say(&msg::guide_ask_one(self.lang))?;
        for _ in 0..MAX_TRIES {
            let answer = self.hear()?;
            let found = if answer.is_empty() { all.first() } else { pick(all, slug, &answer) };
            if let Some(found) = found {
                return Ok(*found);
            }
            self.say(&msg::guide_ask_again(self.lang, answer))?;
        }
        Err(given_up())
    }

    fn several<T: Copy>(
        &mut self,
        all: &[T],
        slug: fn(T) -> &'static str,
        family: &str,
        question: fn(Lang) -> String,
    ) -> Result<Vec<T>, AppError> {
        self.say(&question(self.lang))?;
        self.choices(all, slug, family)?;
        self.say(&msg::guide_ask_several(self.lang))?;
        for _ in 0..MAX_TRIES {
            let answer = self.hear()?;
            let parts: Vec<&str> = answer
                .split([',', '\u{ff0c}', '\u{3001}', ' '])
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect();
            let found: Option<Vec<T>> = parts.iter().map(|part| pick(all, slug, part).copied()).collect();
            if let Some(found) = found {
                return Ok(found);
            }
            self.say(&msg::guide_ask_again(self.lang, answer))?;
        }
        Err(given_up())
    }

    fn choices<T: Copy>(
        &mut self,
        all: &[T],
        slug: fn(T) -> &'static str,
        family: &str,
    ) -> Result<(), AppError> {
        for (n, choice) in all.iter().enumerate() {
            let slug = slug(*choice);
            let says = word(self.lang, &format!("{family}.{slug}")).unwrap_or(slug);
            self.say(&format!("  {}  {says}", n + 1))?;
        }
        Ok(())
    }

    fn say(&mut self, line: &str) -> Result<(), AppError> {
        writeln!(self.to, "{line}").map_err(|error| AppError::io(&error, "terminal"))
    }

    fn hear(&mut self) -> Result<String, AppError> {
        let io = |error: &std::io::Error| AppError::io(error, "terminal");
        write!(self.to, "> ").and_then(|()| self.to.flush()).map_err(|error| io(&error))?;
        let mut line = String::new();
        if self.from.read_line(&mut line).map_err(|error| io(&error))? == 0 {
            return Err(given_up());
        }
        Ok(line.trim().to_owned())
    }
}

/// A choice by its number or its slug.
fn pick<'a, T: Copy>(all: &'a [T], slug: fn(T) -> &'static str, answer: &str) -> Option<&'a T> {
    let by_number = answer.parse::<usize>().ok().and_then(|n| all.get(n.checked_sub(1)?));
    by_number.or_else(|| all.iter().find(|choice| slug(**choice) == answer))
}

fn given_up() -> AppError {
    AppError::new("guide.answer").with("flag", "--owner").with("choices", "me, other, gone")
}
