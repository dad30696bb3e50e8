//! One group of a bundle: its archive, its verdict and certificate, and the order of what was done.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, BufReader, Read as _};

use adjourn_domain::canonical::Hash;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::journal::{self, Event, Journal};
use super::review::{Plan, Review};
use super::{Check, FindingCode, StatementCode};
use crate::bag::TAG_MANIFEST;
use crate::layout::{
    ARCHIVE, ARCHIVE_DEPOSIT, ARCHIVE_STAMP, CERTIFICATE, Certificate, GONE, MEDIA, MEDIA_INDEX, MESSAGES,
    MediaRecord, RECEIPT, Receipt, SEALED, SEALED_ENDING, SealedNote, VERDICT, Verdict, group_path,
};

/// No message may be longer as a line.
const MAX_MESSAGE_BYTES: u64 = 64 * 1024 * 1024;
/// zstd may not ask for a window of more than 2^27 bytes.
const MAX_WINDOW_LOG: u32 = 27;

/// Checks everything of one group.
pub(super) fn check(check: &mut Check<'_>, group: &str, plan: &Plan, journal: &Journal, review: &Review) {
    let bag_hash = archive(check, group, plan, journal);
    order(check, group, plan, journal, review, bag_hash);
    verdict(check, group, plan, journal);
}

/// The archive bag, if the group has one. Gives its hash.
fn archive(check: &mut Check<'_>, group: &str, plan: &Plan, journal: &Journal) -> Option<Hash> {
    let prefix = format!("data/{}/", group_path(group, ARCHIVE));
    let stamp = format!("data/{}", group_path(group, ARCHIVE_STAMP));
    check.files.below(&prefix).next()?;
    let bag_hash = check.files.check_bag(&prefix, &mut check.findings);
    let sealed = journal.of(group, &["sealed"]).any(|event| event.hash("bag_hash") == bag_hash);
    if !sealed || bag_hash.is_none() {
        check.find(FindingCode::OrderSeal, &prefix, "the journal knows no sealed archive with this hash");
    }
    let about = format!("{prefix}{TAG_MANIFEST}");
    let stamped_at = check.stamp(&stamp, &about);
    let receipt = format!("data/{}", group_path(group, ARCHIVE_DEPOSIT));
    let deposited_at = check.deposit(&receipt, &about);
    let first = acts(journal, group, plan).next().and_then(|first| first.at.parse::<Timestamp>().ok());
    if let (Some(at), Some(acted)) = (deposited_at, first)
        && acted.as_millisecond() < at.as_millis()
    {
        check.rest(
            StatementCode::LateDeposit,
            &[("file", receipt), ("at", at.to_string())],
            format!("The archive of {group} was deposited on {at} only, after its first irreversible step."),
        );
    }
    if let (Some(at), Some(acted)) = (stamped_at, first)
        && acted < at
    {
        check.rest(
            StatementCode::LateTimestamp,
            &[("file", stamp), ("at", at.to_string())],
            format!("The archive of {group} was stamped on {at} only, after its first irreversible step."),
        );
    }
    contents(check, group, &prefix);
    bag_hash
}

/// Does the archive hold what its receipt counts?
fn contents(check: &mut Check<'_>, group: &str, prefix: &str) {
    let receipt: Option<Receipt> = check.json(&format!("{prefix}data/{RECEIPT}"));
    let path = format!("{prefix}data/{MESSAGES}");
    if check.files.get(&format!("{path}{SEALED_ENDING}")).is_some() {
        return sealed(check, group, prefix, receipt);
    }
    let media = media(check, prefix);
    if check.options.quick {
        return uncounted(check, group, receipt);
    }
    let counts = match check.files.open(&path).map(count_messages) {
        Ok(Ok(counts)) => counts,
        Ok(Err(error)) => return check.find(FindingCode::FileForm, path, error.to_string()),
        Err(finding) => return check.findings.push(finding),
    };
    let Some(mut receipt) = receipt else { return };
    receipt.counts.retain(|_, count| *count > 0);
    let total: u64 = counts.values().sum();
    if counts != receipt.counts || total != receipt.total {
        let says = format!("the receipt counts {} messages, there are {total}: {counts:?}", receipt.total);
        check.find(FindingCode::ReceiptCounts, format!("{prefix}data/{RECEIPT}"), says);
    }
    check.prove(
        StatementCode::Archive,
        &[("group", group.to_owned()), ("messages", total.to_string()), ("media", media.to_string())],
        format!("The archive of {group} holds the {total} messages and {media} media files of its receipt."),
    );
    incomplete(check, group, &receipt);
}

/// An archive whose messages were left unread.
fn uncounted(check: &mut Check<'_>, group: &str, receipt: Option<Receipt>) {
    let Some(receipt) = receipt else { return };
    check.rest(
        StatementCode::Uncounted,
        &[("group", group.to_owned()), ("messages", receipt.total.to_string())],
        format!(
            "The archive of {group} is as it was sealed; that it holds the {} messages of its receipt was not counted.",
            receipt.total
        ),
    );
    incomplete(check, group, &receipt);
}

/// An archive whose messages only the group's key opens: they are the sealed bytes that were read back, and nobody counts them without it.
fn sealed(check: &mut Check<'_>, group: &str, prefix: &str, receipt: Option<Receipt>) {
    let path = format!("{prefix}data/{SEALED}");
    let note: Option<SealedNote> = check.json(&path);
    for name in [MESSAGES, MEDIA_INDEX] {
        let clear = format!("{prefix}data/{name}");
        if check.files.get(&clear).is_some() {
            check.find(FindingCode::FileForm, clear, "it lies in clear beside what is sealed");
        }
    }
    let (Some(receipt), Some(note)) = (receipt, note) else { return };
    check.rest(
        StatementCode::SealedOriginal,
        &[
            ("group", group.to_owned()),
            ("messages", receipt.total.to_string()),
            ("sha256", note.messages_sha256.to_string()),
        ],
        format!(
            "The {} messages of the archive of {group} are sealed under its key: that they are inside rests on the read-back \
             before the first irreversible step (SHA-256 {}).",
            receipt.total, note.messages_sha256
        ),
    );
    incomplete(check, group, &receipt);
}

fn incomplete(check: &mut Check<'_>, group: &str, receipt: &Receipt) {
    if !receipt.complete || !receipt.gaps.is_empty() || !receipt.undecryptable.is_empty() {
        let (gaps, dark) = (receipt.gaps.len().to_string(), receipt.undecryptable.len().to_string());
        let says =
            format!("The archive of {group} is not complete: {gaps} gaps, {dark} unreadable messages.");
        let args = [("group", group.to_owned()), ("gaps", gaps), ("undecryptable", dark)];
        check.rest(StatementCode::Incomplete, &args, says);
    }
}

/// Media files and their index must agree. Gives the number of files.
fn media(check: &mut Check<'_>, prefix: &str) -> usize {
    let path = format!("{prefix}data/{MEDIA_INDEX}");
    let folder = format!("{prefix}data/{MEDIA}/");
    let records: Vec<MediaRecord> = check.json(&path).unwrap_or_default();
    let files: BTreeMap<String, _> =
        check.files.below(&folder).map(|(name, entry)| (name.to_owned(), *entry)).collect();
    for record in &records {
        let fits = files
            .get(&record.sha256.to_hex())
            .is_some_and(|entry| entry.hash == record.sha256 && entry.bytes == record.bytes);
        if !fits {
            let says = format!("the file of {} is not there, or is another one", record.id);
            check.find(FindingCode::ReceiptMedia, &path, says);
        }
    }
    let listed: BTreeSet<String> = records.iter().map(|record| record.sha256.to_hex()).collect();
    for name in files.keys().filter(|name| !listed.contains(*name)) {
        check.find(FindingCode::ReceiptMedia, format!("{folder}{name}"), "the media index does not list it");
    }
    files.len()
}

/// What is looked at of a message.
#[derive(Deserialize)]
struct Message {
    #[serde(rename = "id")]
    _id: String,
    kind: String,
}

/// Counts messages by kind, one line at a time.
fn count_messages(file: impl io::Read) -> io::Result<BTreeMap<String, u64>> {
    let mut decoder = zstd::Decoder::new(file)?;
    decoder.window_log_max(MAX_WINDOW_LOG)?;
    let mut reader = BufReader::new(decoder);
    let (mut counts, mut line) = (BTreeMap::new(), Vec::new());
    loop {
        line.clear();
        if reader.by_ref().take(MAX_MESSAGE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(counts);
        }
        if line.last() != Some(&b'\n') {
            return Err(io::Error::other("a message has no end, or is far too long"));
        }
        let message: Message = serde_json::from_slice(&line)?;
        *counts.entry(message.kind).or_default() += 1;
    }
}

/// Everything irreversible comes after the approvals of this plan, after the read-back of this archive,
/// and under no hold.
fn order(
    check: &mut Check<'_>,
    group: &str,
    plan: &Plan,
    journal: &Journal,
    review: &Review,
    bag_hash: Option<Hash>,
) {
    let before = check.findings.len();
    let mut intents = 0_u64;
    for intent in acts(journal, group, plan) {
        intents += 1;
        let earlier = |event: &&Event| event.seq < intent.seq;
        let what = format!("event {} of {group} can't be taken back", intent.seq);
        if review.complete_at.is_none_or(|seq| seq > intent.seq) {
            let says = format!("{what} and came before the approvals");
            check.find(FindingCode::OrderApproval, journal::file(), says);
        }
        // Past the point of no return nobody is asked again.
        if intents == 1
            && review.complete_at.is_some_and(|seq| seq < intent.seq)
            && !review.counted(plan, intent)
        {
            let says = format!("{what} and approvals had expired by then");
            check.find(FindingCode::ApprovalExpired, journal::file(), says);
        }
        let drawn = journal.of(&plan.case, &["plan_drawn"]).filter(earlier).last();
        let drawn_at = drawn.map_or(0, |event| event.seq);
        let mut void = journal.of(&plan.case, &["staled", "rejected"]).filter(earlier);
        let in_force = drawn.and_then(|event| event.hash("plan_hash")) == Some(plan.hash)
            && !void.any(|event| event.seq > drawn_at);
        // Once past the point of no return a run goes on to its end, also when another group made the
        // plan stale meanwhile.
        if intents == 1 && !in_force {
            let says = format!("{what} and this plan was not the one in force");
            check.find(FindingCode::OrderApproval, journal::file(), says);
        }
        let read_back = journal
            .of(group, &["seal_read_back"])
            .filter(earlier)
            .any(|event| bag_hash.is_some() && event.hash("bag_hash") == bag_hash);
        if !read_back {
            let says = format!("{what} and came before the archive carried here was read back");
            check.find(FindingCode::OrderSeal, journal::file(), says);
        }
        if under_hold(journal.of(group, &["hold_added", "hold_lifted"]).filter(earlier)) {
            check.find(FindingCode::OrderHold, journal::file(), format!("{what} and there was a hold"));
        }
    }
    if intents > 0 && check.findings.len() == before {
        check.prove(
            StatementCode::Order,
            &[("group", group.to_owned()), ("intents", intents.to_string())],
            format!(
                "Nothing irreversible was done to {group} before the approvals and the archive's read-back."
            ),
        );
    }
}

/// Everything irreversible that was done to a group in this case. What an earlier case did, that case's
/// bundle tells.
fn acts<'a>(journal: &'a Journal, group: &'a str, plan: &'a Plan) -> impl Iterator<Item = &'a Event> {
    journal
        .of(group, &["intent"])
        .filter(move |event| event.may_be_irreversible() && !of_other_case(journal, event, plan))
}

/// Did this event of a group happen in a run of another case?
pub(super) fn of_other_case(journal: &Journal, event: &Event, plan: &Plan) -> bool {
    let run = journal.of(&event.stream, &["run_started"]).filter(|run| run.seq < event.seq).last();
    run.and_then(|run| run.text("case")).is_some_and(|case| case != plan.case)
}

/// Is a hold left after these events? One that can't be read any more counts until it is lifted as well.
fn under_hold<'a>(events: impl Iterator<Item = &'a Event>) -> bool {
    let mut holds = BTreeSet::new();
    for event in events {
        let hold = event.text("hold").map(str::to_owned);
        if event.kind == "hold_added" {
            holds.insert(hold);
        } else {
            holds.remove(&hold);
        }
    }
    !holds.is_empty()
}

/// Verdict, certificate and journal must agree; there is a certificate if and only if the verdict is gone.
fn verdict(check: &mut Check<'_>, group: &str, plan: &Plan, journal: &Journal) {
    let path = format!("data/{}", group_path(group, VERDICT));
    let certificate_path = format!("data/{}", group_path(group, CERTIFICATE));
    let certified = check.files.get(&certificate_path).is_some();
    let judged =
        journal.of(group, &["verdict", "judged"]).filter(|event| !of_other_case(journal, event, plan)).last();
    let stated: Option<Verdict> =
        if judged.is_some() || check.files.get(&path).is_some() { check.json(&path) } else { None };
    let said = judged.and_then(|event| event.text("verdict"));
    let stated = stated.as_ref().and_then(|verdict| verdict.verdict.as_deref());
    if stated != said {
        let says = format!("the file says {stated:?}, the journal says {said:?}");
        check.find(FindingCode::CertificateVerdict, &path, says);
    } else if let Some(said) = said {
        check.prove(
            StatementCode::Verdict,
            &[("group", group.to_owned()), ("verdict", said.to_owned())],
            format!("The verdict over {group} is {said}."),
        );
    }
    let gone = said == Some(GONE);
    if certified != gone {
        let says =
            if gone { "the group is gone and has no certificate" } else { "there is no verdict gone for it" };
        return check.find(FindingCode::CertificateVerdict, certificate_path, says);
    }
    if !certified {
        return;
    }
    let Some(value) = check.json::<Value>(&certificate_path) else { return };
    let Ok(certificate) = serde_json::from_value::<Certificate>(value) else {
        return check.find(FindingCode::FileForm, certificate_path, "this is not a certificate");
    };
    if certificate.group != group
        || certificate.case != plan.case
        || certificate.plan_hash != plan.hash
        || certificate.verdict != GONE
    {
        let says = "it is for another group, case or plan, or for another verdict";
        check.find(FindingCode::CertificateVerdict, &certificate_path, says);
    }
    match certificate.proved_by.as_str() {
        "witness" => {}
        "human_attestation" => check.rest(
            StatementCode::HumanAttestation,
            &[("group", group.to_owned())],
            format!("That {group} is gone rests on a person's word, not on a witness."),
        ),
        other => {
            let says = format!("{other:?} is neither a witness nor a human attestation");
            check.find(FindingCode::CertificateVerdict, certificate_path, says);
        }
    }
}
