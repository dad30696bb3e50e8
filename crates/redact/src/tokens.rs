//! Tokens of Latin letters, digits and signs: e-mail addresses, links, addresses of the network, account names, codes, passports, plates.
//!
//! Everything is looked at in its half-width form, so that full width hides nothing. A Han character ends a token: people write without spaces.

use std::sync::LazyLock;

use crate::cells::{Cell, Cells, class};
use crate::check;
use crate::detect::Found;
use crate::dict::Dict;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;
use crate::network;

/// Longest token that is looked at as a whole; of a longer one each part of this size.
const LONGEST: usize = 2_000;
/// Shortest token that is anything, in characters.
const SHORTEST: usize = 5;
/// Fewest letters and digits of a text in which there is anything: `1.1.1.1` has four.
pub(crate) const FEWEST: usize = 4;
/// How far before a token a word may stand that says what it is, in characters.
const WINDOW: usize = 6;
/// How far before a token a word for versions may stand, in characters.
const VERSION_WINDOW: usize = 3;
/// How far before a plate a word may stand that says what it is, in characters.
const PLATE_WINDOW: usize = 3;
/// Parameters of links whose values open something.
const SECRET_KEYS: [&str; 17] = [
    "token",
    "access_token",
    "key",
    "apikey",
    "api_key",
    "sig",
    "sign",
    "signature",
    "secret",
    "password",
    "passwd",
    "pwd",
    "ticket",
    "session",
    "sessionid",
    "auth",
    "code",
];
/// Shortest value without a telling name that is taken for a secret, in characters; and of one in hexadecimal.
const SECRET_LENGTH: usize = 20;
const SECRET_HEX_LENGTH: usize = 16;
/// Most groups in which a code of an organisation is written.
const MOST_GROUPS: usize = 6;
/// Longest part before the `@` and longest domain of an e-mail address with Han characters.
const HAN_LOCAL: usize = 12;
const HAN_DOMAIN: usize = 40;
/// How the ids of people from outside and of groups begin in `WeCom`, and how long they are.
const WECOM: [&[u8]; 3] = [b"wm", b"wo", b"wr"];
const WECOM_LENGTH: usize = 32;

/// Finds tokens. `buffer` is kept from text to text.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, buffer: &mut Vec<u8>, found: &mut Found) {
    let all = cells.all();
    let visible = |cell: &Cell| cell.ascii() > b' ';
    let mut at = 0;
    while let Some(start) = all.get(at..).and_then(|rest| rest.iter().position(visible)) {
        at += start;
        buffer.clear();
        let run = all.get(at..).unwrap_or_default().iter().take(LONGEST).take_while(|cell| visible(cell));
        buffer.extend(run.map(|cell| cell.ascii()));
        if buffer.len() >= SHORTEST {
            token(cells, lexicon, at, buffer, found);
        }
        at += buffer.len();
    }
    if cells.classes & (class::PLATE | class::LETTER) == class::PLATE | class::LETTER {
        plates(cells, lexicon, found);
    }
    if cells.alnums >= check::CREDIT_CODE && cells.digits > 0 && cells.classes & class::LETTER != 0 {
        grouped(cells, found);
    }
}

/// Codes of organisations in groups, with a space or a hyphen between them.
fn grouped(cells: &Cells, found: &mut Found) {
    let alnum = |at: usize| cells.get(at).is_some_and(Cell::alnum);
    let mut code = [0; check::CREDIT_CODE];
    for from in (0..cells.len()).filter(|at| alnum(*at) && !(*at > 0 && alnum(at - 1))) {
        let (mut to, mut groups, mut filled) = (from, 1, 0);
        for place in &mut code {
            let gap = usize::from(to > from && matches!(cells.ascii(to), b' ' | b'-'));
            if !alnum(to + gap) {
                break;
            }
            *place = cells.ascii(to + gap).to_ascii_uppercase();
            (to, groups, filled) = (to + gap + 1, groups + gap, filled + 1);
        }
        let whole = filled == code.len() && !alnum(to) && (2..=MOST_GROUPS).contains(&groups);
        let letters = || code.iter().any(u8::is_ascii_alphabetic);
        if whole && letters() && check::credit_form(&code) && check::credit_code(&code) {
            found.add(cells, from, to, Kind::CreditCode, Confidence::Certain);
        }
    }
}

fn token(cells: &Cells, lexicon: &Lexicon, from: usize, text: &[u8], found: &mut Found) {
    let mut add = |start: usize, end: usize, kind, confidence| {
        found.add(cells, from + start, from + end, kind, confidence);
    };
    let kinds = &*SIGNS;
    let signs = text.iter().fold(0, |signs, byte| signs | kinds.get(usize::from(*byte)).unwrap_or(&0));
    let has = |all: u8| signs & all == all;
    if has(sign::COLON | sign::SLASH) {
        for (start, end) in links(text) {
            add(start, end, Kind::Link, Confidence::High);
        }
    }
    if has(sign::AT) {
        for (start, end) in emails(text) {
            add(start, end, Kind::Email, Confidence::High);
        }
    }
    if has(sign::DIGIT) && signs & (sign::DOT | sign::COLON) != 0 {
        for (start, end) in network::addresses(text) {
            let version = lexicon.words.version.before(cells, from + start, VERSION_WINDOW);
            if !version {
                add(start, end, Kind::Ip, Confidence::High);
            }
        }
    }
    // What has digits only is the numbers' own.
    if !has(sign::LETTER) {
        return;
    }
    for (start, end, word) in words(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        if let Some((kind, confidence)) = code(cells, lexicon, from + start, word) {
            found.add(cells, from + start, from + end, kind, confidence);
        } else if check::credit_form(word) {
            found.reject(Kind::CreditCode);
        }
    }
}

/// Which signs a token has, as bits.
mod sign {
    pub(super) const AT: u8 = 1;
    pub(super) const COLON: u8 = 1 << 1;
    pub(super) const SLASH: u8 = 1 << 2;
    pub(super) const DOT: u8 = 1 << 3;
    pub(super) const DIGIT: u8 = 1 << 4;
    pub(super) const LETTER: u8 = 1 << 5;
}

/// The sign that a byte is.
static SIGNS: LazyLock<[u8; 128]> = LazyLock::new(|| {
    std::array::from_fn(|byte| match byte as u8 {
        b'@' => sign::AT,
        b':' => sign::COLON,
        b'/' => sign::SLASH,
        b'.' => sign::DOT,
        b'0'..=b'9' => sign::DIGIT,
        b'a'..=b'z' | b'A'..=b'Z' => sign::LETTER,
        _ => 0,
    })
});

/// Stretches of some bytes, with their bounds.
fn words(text: &[u8], part: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.iter().position(|byte| part(*byte))?;
        let length = text.get(start..)?.iter().take_while(|byte| part(**byte)).count();
        at = start + length;
        Some((start, at, text.get(start..at)?))
    })
}

/// What a word of letters and digits is.
fn code(cells: &Cells, lexicon: &Lexicon, at: usize, word: &[u8]) -> Option<(Kind, Confidence)> {
    let told = |dict: &Dict| dict.before(cells, at, WINDOW);
    let lower =
        |prefix: &[u8]| word.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    let plain = word.iter().all(u8::is_ascii_alphanumeric);
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    if lower(b"wxid_") && word.len() >= 11 || lower(b"gh_") && word.len() == 15 {
        return Some((Kind::Wechat, Confidence::Certain));
    }
    if word.len() == 18 && plain && digits < 18 {
        if check::credit_code(word) {
            return Some((Kind::CreditCode, Confidence::Certain));
        }
        if check::resident(word) {
            return Some((Kind::ResidentId, Confidence::Certain));
        }
    }
    if plain && let Some(hit) = travel(word, told(&lexicon.words.passport)) {
        return Some(hit);
    }
    let drawn = || digits > 0 && word.iter().filter(|byte| byte.is_ascii_uppercase()).count() > 1;
    if word.len() == WECOM_LENGTH && WECOM.iter().any(|begins| word.starts_with(begins)) && drawn() {
        return Some((Kind::Wechat, Confidence::High));
    }
    // A WeChat id of one's own choice: six to twenty characters, a letter first (help page of WeChat). One of letters alone only behind a colon.
    let letter_first = word.first().is_some_and(u8::is_ascii_alphabetic);
    let colon = || (1..=2).any(|back| at.checked_sub(back).is_some_and(|at| cells.ascii(at) == b':'));
    if letter_first
        && (6..=20).contains(&word.len())
        && told(&lexicon.words.wechat)
        && (digits > 0 || word.contains(&b'_') || colon())
    {
        return Some((Kind::Wechat, Confidence::High));
    }
    None
}

/// Passports (`E12345678`, `EA1234567`, older `G`, service `S`, `D`, `P`) and permits (`H` and `M` with eight or ten digits, `C` with eight, `CA` with
/// seven; formats of the National Immigration Administration).
fn travel(word: &[u8], told: bool) -> Option<(Kind, Confidence)> {
    let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let digits = word.get(letters..)?;
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let confidence = if told { Confidence::High } else { Confidence::Likely };
    let first = word.first()?.to_ascii_uppercase();
    match (letters, digits.len(), first) {
        (1, 8, b'E' | b'G') => Some((Kind::Passport, confidence)),
        (1, 8, b'D' | b'S' | b'P' | b'K') if told => Some((Kind::Passport, confidence)),
        (2, 7, b'E' | b'G' | b'D' | b'S' | b'P' | b'M') if word.get(1)?.is_ascii_uppercase() || told => {
            Some((Kind::Passport, confidence))
        }
        (1, 8 | 10, b'H' | b'M') | (1, 8, b'C' | b'W') | (2, 7, b'C') => Some((Kind::Permit, confidence)),
        (_, 6..=9, _) if told && letters <= 2 => Some((Kind::Passport, confidence)),
        _ => None,
    }
}

/// E-mail addresses: what stands before and behind an `@`, the domain with a dot.
fn emails(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let ats = text.iter().enumerate().filter(|(_, byte)| **byte == b'@').map(|(at, _)| at);
    ats.filter_map(|at| {
        let local = |byte: &&u8| byte.is_ascii_alphanumeric() || b".!#$%&*+/=?^_`{|}~-".contains(byte);
        let before = text.get(..at)?.iter().rev().take_while(local).count();
        let domain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let mut behind = text.get(at + 1..)?.iter().take_while(domain).count();
        let name = text.get(at + 1..at + 1 + behind)?;
        behind -= name.iter().rev().take_while(|byte| matches!(byte, b'.' | b'-')).count();
        let name = text.get(at + 1..at + 1 + behind)?;
        let mut labels = name.split(|byte| *byte == b'.');
        let top = labels.next_back()?;
        // What follows the last label's letters is no part of it: people write `a@b.com13800138000`.
        let letters = top.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let good = before > 0 && letters >= 2 && labels.next().is_some_and(|label| !label.is_empty());
        good.then_some((at - before, at + 1 + behind - (top.len() - letters)))
    })
}

/// E-mail addresses with Han characters before or behind the `@`. What stands before it has no bound in running text: it goes back to a word that
/// leads to an address, and the domain has to end as domains do.
pub(crate) fn han_emails(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let words = &lexicon.words;
    let han = |at: usize| cells.get(at).is_some_and(|cell| cell.is(class::HAN));
    let mail = |at: usize| {
        cells.get(at).is_some_and(|cell| cell.is(class::HAN) || cell.alnum())
            || matches!(cells.ascii(at), b'.' | b'-' | b'_')
    };
    for (at, _) in cells.all().iter().enumerate().filter(|(_, cell)| cell.is(class::AT)) {
        let stops = |at: usize| {
            !mail(at)
                || words.address_break.ends(cells, at + 1).is_some()
                || words.mail.ends(cells, at + 1).is_some()
        };
        let local = (0..at).rev().take(HAN_LOCAL).take_while(|at| !stops(*at)).count();
        // The top of the domain, behind its last dot.
        let domain = (at + 1..cells.len()).take(HAN_DOMAIN).take_while(|at| mail(*at)).count();
        let mut dots = (at + 2..at + 1 + domain).rev().filter(|dot| cells.ascii(*dot) == b'.');
        let to = dots.find_map(|dot| words.mail_top.begins(cells, dot + 1).map(|top| dot + 1 + top));
        if local > 0
            && let Some(to) = to
            && (han(at - 1) || (at + 1..to).any(han))
            && !cells.get(to).is_some_and(Cell::alnum)
        {
            found.add(cells, at - local, to, Kind::Email, Confidence::Likely);
        }
    }
}

/// Links with a secret in them.
fn links(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    memchr::memmem::find_iter(text, b"://").filter_map(|at| {
        let scheme = text.get(..at)?.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let part = |byte: &&u8| !matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'\\' | b'^');
        let mut length = text.get(at + 3..)?.iter().take_while(part).count();
        let end = text.get(at + 3..at + 3 + length)?;
        length -= end.iter().rev().take_while(|byte| b".,;:!?)]}'".contains(byte)).count();
        let link = text.get(at + 3..at + 3 + length)?;
        (scheme > 0 && secret(link)).then_some((at - scheme, at + 3 + length))
    })
}

/// Whether what follows `://` carries a secret: a user's password, a parameter that is one by its name or length, or a piece of the path that nobody
/// would think of.
fn secret(link: &[u8]) -> bool {
    let authority = link.split(|byte| matches!(byte, b'/' | b'?' | b'#')).next().unwrap_or_default();
    if authority.iter().rev().skip_while(|byte| **byte != b'@').any(|byte| *byte == b':') {
        return true;
    }
    let rest = link.get(authority.len()..).unwrap_or_default();
    rest.split(|byte| matches!(byte, b'/' | b'?' | b'#' | b'&' | b';')).any(|piece| {
        let (key, value) = match piece.iter().position(|byte| *byte == b'=') {
            Some(at) => piece.split_at(at),
            None => (&b""[..], piece),
        };
        let value = value.strip_prefix(b"=").unwrap_or(value);
        let named = SECRET_KEYS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(key));
        named && value.len() >= 4 || random(value)
    })
}

/// Whether a text looks as if a machine had drawn it: long, of letters and digits in a mixture.
fn random(text: &[u8]) -> bool {
    let part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'%' | b'.' | b'+' | b'=');
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let hexadecimal = || text.iter().all(u8::is_ascii_hexdigit);
    (text.len() >= SECRET_LENGTH || text.len() >= SECRET_HEX_LENGTH && hexadecimal())
        && text.iter().all(part)
        && digits * 8 >= text.len()
        && letters * 4 >= text.len()
}

/// Plates: province, letter, five or six letters and digits (GA 36-2018), with or without a dot behind the letter. The standard has two letters at most among
/// them and neither I nor O; people mistype, so one digit will do where all letters are capitals, and none where a word says that it is a plate.
fn plates(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    for (at, _) in cells.all().iter().enumerate().filter(|(_, cell)| cell.is(class::PLATE)) {
        if !cells.ascii(at + 1).is_ascii_alphabetic() {
            continue;
        }
        let dot = usize::from(matches!(cells.code(at + 2), 0xb7 | 0x2022 | 0x30fb | 0x20 | 0x2d | 0x2e));
        let from = at + 2 + dot;
        let part = |at: &usize| cells.get(*at).is_some_and(Cell::alnum);
        let count = (from..from + 8).take_while(part).count();
        let digits = (from..from + count).filter(|at| cells.ascii(*at).is_ascii_digit()).count();
        let more = cells.get(from + count).is_some_and(Cell::alnum);
        let special = count == 4 && lexicon.words.plate_end.begins(cells, from + 4).is_some();
        let capitals = || {
            (at + 1..from + count)
                .all(|at| dot > 0 && at == from - 1 || !cells.ascii(at).is_ascii_lowercase())
        };
        let told = || lexicon.words.plate_told.before(cells, at, PLATE_WINDOW);
        let letters = match digits {
            0 => count == 5 && capitals() && told(),
            1 => count == 5 && capitals() || told(),
            _ => true,
        };
        if !more && letters && (matches!(count, 5 | 6) || special) {
            found.add(cells, at, from + count + usize::from(special), Kind::Plate, Confidence::High);
        }
    }
}
