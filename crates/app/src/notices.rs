//! Members and parents at the notice of their group's end: what they were told, that they read it, that they object, and what became of that.

use adjourn_domain::announcement;
use adjourn_domain::canonical::{Hash, hex};
use adjourn_domain::event::Ending;
use adjourn_domain::ids::{CaseId, GroupId, PrincipalId};
use adjourn_domain::notice::{Pass, Read, check_name, objection_of};
use adjourn_domain::plan::{Step, StepOp};
use adjourn_domain::reaction::{Reaction, What};
use adjourn_domain::run::{GroupState, Phase, React, Run, StepState};
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

/// Length of a reader's id, in hex digits.
const READER: usize = 16;

/// The notice as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticePage {
    /// The group's name.
    pub name: String,
    /// Its platform, a slug.
    pub platform: String,
    /// The text, as it was told.
    pub text: String,
    /// SHA-256 of the text's canonical form, as the plan has it.
    pub sha256: Hash,
    /// Until when the link opens.
    pub until: Time,
    /// Whether readers say who they are.
    pub named: bool,
    /// Whether the link is for everybody.
    pub everybody: bool,
    /// Whether it is too late: the group has ended, or nothing ends it any more.
    pub over: bool,
    /// Whether the end was taken back, and the group stays.
    pub stays: bool,
    /// That this reader has read it.
    pub read: Option<Read>,
    /// What this reader objected, and what became of it.
    pub objection: Option<Reaction>,
}

/// The links to the notice of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLinks {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The token for everybody.
    pub everybody: String,
    /// A token for each member who is known: account, name, token.
    pub members: Vec<(String, String, String)>,
    /// Until when they open.
    pub until: Time,
}

/// How many of a group's members have said that they read its notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeCount {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// Readers, by person or browser.
    pub read: usize,
    /// Its members without bots, as far as they are known.
    pub members: usize,
    /// Objections that came by the page or were noted down.
    pub objections: usize,
}

impl App {
    /// Gives the links to the notices of a case's groups, for `ttl_s`. The same ones hold until their end, however often they are made.
    pub async fn notice_links(
        &self,
        case: &CaseId,
        ttl_s: u64,
        signer: &dyn Signer,
    ) -> Result<Vec<NoticeLinks>, AppError> {
        self.journal.org().await?.principal(signer)?;
        let case = self.journal.known_case(case).await?;
        let until = Time::from_millis(self.clock.now().plus_secs(ttl_s).as_millis() / 1000 * 1000);
        let mut all = Vec::new();
        for state in self.groups_of(&case).await? {
            let pass = |reader| Pass {
                case: case.id.clone(),
                group: state.id.clone(),
                series: state.notice_series.get(&reader).copied().unwrap_or_default(),
                reader,
                expires_at: until,
            };
            let token = |pass: &Pass| {
                Ok::<_, AppError>(pass.token(&self.journal.keys.mac(pass.signed().as_bytes())?))
            };
            let people = state.snapshot.iter().flat_map(|seen| &seen.members).filter(|member| !member.bot);
            let mut members = Vec::new();
            for member in people {
                let reader = self.reader("m", &state.id, member.id.as_str())?;
                members.push((member.id.to_string(), member.name.clone(), token(&pass(Some(reader)))?));
            }
            let everybody = token(&pass(None))?;
            all.push(NoticeLinks {
                name: name_of(&state),
                group: state.id.clone(),
                everybody,
                members,
                until,
            });
        }
        Ok(all)
    }

    /// Takes back the links that one reader was given so far: a member, by the account, the name or a link of theirs, or with `None` everybody's.
    /// Links that are made afterwards open again. What was said through the old ones stays said.
    ///
    /// # Errors
    /// `notice.member` when nobody, or more than one, is called so; `group.unknown` for a group that is not the case's.
    pub async fn revoke_notice(
        &self,
        case: &CaseId,
        group: &GroupId,
        member: Option<&str>,
        signer: &dyn Signer,
    ) -> Result<(), AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let known = self.journal.known_case(case).await?;
        let states = self.groups_of(&known).await?;
        let state = states.iter().find(|state| state.id == *group);
        let state = state.ok_or_else(|| AppError::new("group.unknown").with("group", group))?;
        let reader = member.map(|member| self.reader_meant(state, member.trim())).transpose()?;
        self.react_as(case, group, React::Revoke { reader, by: by.clone() }, &by).await.map(drop)
    }

    /// The reader that somebody means.
    fn reader_meant(&self, state: &GroupState, member: &str) -> Result<String, AppError> {
        let unknown = || AppError::new("notice.member").with("member", member);
        // A link, or what stands at its end. Who has left the group is found by nothing else.
        let token = member.rsplit('/').next().unwrap_or(member);
        if let Some((pass, mac)) = Pass::read(token) {
            let ours = pass.group == state.id && self.journal.keys.check_mac(pass.signed().as_bytes(), &mac);
            return pass.reader.filter(|_| ours).ok_or_else(unknown);
        }
        let people = || state.snapshot.iter().flat_map(|seen| &seen.members).filter(|member| !member.bot);
        let by_account = people().find(|one| one.id.as_str() == member);
        let mut by_name = people().filter(|one| one.name == member);
        let ((Some(found), ..) | (None, Some(found), None)) = (by_account, by_name.next(), by_name.next())
        else {
            return Err(unknown());
        };
        self.reader("m", &state.id, found.id.as_str())
    }

    /// How many have read the notices of a case.
    pub async fn notice_counts(&self, case: &CaseId) -> Result<Vec<NoticeCount>, AppError> {
        let case = self.journal.known_case(case).await?;
        let count = |state: &GroupState| NoticeCount {
            group: state.id.clone(),
            name: name_of(state),
            read: state.readers.len(),
            members: state
                .snapshot
                .iter()
                .flat_map(|seen| &seen.members)
                .filter(|member| !member.bot)
                .count(),
            objections: state.reactions.values().filter(|reaction| reaction.what == What::Objection).count(),
        };
        Ok(self.groups_of(&case).await?.iter().map(count).collect())
    }

    /// The page that a token opens. `browser` is the id of the browser, for a link that is everybody's.
    ///
    /// # Errors
    /// `notice.link`, `notice.expired`, `notice.revoked`; `notice.early` before anything was told.
    pub async fn notice_page(&self, token: &str, browser: Option<&str>) -> Result<NoticePage, AppError> {
        let (pass, state) = self.admit_reader(token).await?;
        let run = state.run.as_ref().filter(|run| run.case == pass.case);
        let (run, step) = run
            .and_then(|run| Some((run, told(run)?)))
            .ok_or_else(|| AppError::new("notice.early").with("group", name_of(&state)))?;
        let text = step.text("text").unwrap_or_default();
        let reader = self.reader_of(&pass, browser)?;
        Ok(NoticePage {
            name: run.part.name.clone(),
            platform: run.part.platform.to_string(),
            text: text.to_owned(),
            sha256: announcement::hash(text),
            until: pass.expires_at,
            named: run.part.policy.named_receipts,
            everybody: pass.reader.is_none(),
            over: over(run),
            stays: run.phase == Phase::Ended(Ending::Undone),
            read: reader.as_ref().and_then(|reader| state.readers.get(reader).cloned()),
            objection: reader.and_then(|reader| state.reactions.get(&objection_of(&reader)).cloned()),
        })
    }

    /// A reader says that they read it. Whoever has said so is not counted again.
    ///
    /// # Errors
    /// As [`App::notice_page`]; `notice.over`, `notice.name`, `notice.full`.
    pub async fn notice_read(&self, token: &str, browser: Option<&str>, name: &str) -> Result<(), AppError> {
        let (pass, reader, named) = self.speaks(token, browser).await?;
        let read = React::Read { reader: reader.clone(), name: check_name(name, named)? };
        self.react_as(&pass.case, &pass.group, read, &PrincipalId(reader)).await.map(drop)
    }

    /// A reader objects. There is one objection of a reader; the same one again is no news.
    ///
    /// # Errors
    /// As [`App::notice_read`]; `reaction.text`, `notice.objected`.
    pub async fn notice_object(
        &self,
        token: &str,
        browser: Option<&str>,
        name: &str,
        text: &str,
    ) -> Result<(), AppError> {
        let (pass, reader, named) = self.speaks(token, browser).await?;
        let from = check_name(name, named)?.unwrap_or_default();
        let reaction = objection_of(&reader);
        let had = self.journal.group(&pass.group).await?.reactions.get(&reaction).cloned();
        if had.is_some_and(|had| had.text != text) {
            return Err(AppError::new("notice.objected"));
        }
        let by = PrincipalId(reader);
        let add = React::Add { reaction, what: What::Objection, text: text.to_owned(), from, by: by.clone() };
        self.react_as(&pass.case, &pass.group, add, &by).await.map(drop)
    }

    /// Checks a token: forged, altered, over, or taken back. Nothing that it says is looked up before its signature is.
    async fn admit_reader(&self, token: &str) -> Result<(Pass, GroupState), AppError> {
        let (pass, mac) = Pass::read(token).ok_or_else(|| AppError::new("notice.link"))?;
        if !self.journal.keys.check_mac(pass.signed().as_bytes(), &mac) {
            return Err(AppError::new("notice.link"));
        }
        if pass.expires_at <= self.clock.now() {
            return Err(AppError::new("notice.expired").with("time", pass.expires_at));
        }
        let state = self.journal.group(&pass.group).await?;
        if state.notice_series.get(&pass.reader).copied().unwrap_or_default() != pass.series {
            return Err(AppError::new("notice.revoked"));
        }
        Ok((pass, state))
    }

    /// Who speaks, while it can be heard, and whether they say who they are.
    async fn speaks(&self, token: &str, browser: Option<&str>) -> Result<(Pass, String, bool), AppError> {
        let page = self.notice_page(token, browser).await?;
        let (pass, _) = self.admit_reader(token).await?;
        if page.over {
            return Err(AppError::new("notice.over"));
        }
        let reader = self.reader_of(&pass, browser)?.ok_or_else(|| AppError::new("notice.browser"))?;
        Ok((pass, reader, page.named))
    }

    fn reader_of(&self, pass: &Pass, browser: Option<&str>) -> Result<Option<String>, AppError> {
        match (&pass.reader, browser) {
            (Some(reader), _) => Ok(Some(reader.clone())),
            (None, Some(browser)) => self.reader("b", &pass.group, browser).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// The id of a reader: nothing to read in it, and another one in each group.
    fn reader(&self, kind: &str, group: &GroupId, who: &str) -> Result<String, AppError> {
        let mac = hex(&self.journal.keys.mac(format!("reader\0{kind}\0{group}\0{who}").as_bytes())?);
        Ok(format!("{kind}-{}", mac.get(..READER).unwrap_or_default()))
    }
}

/// The last text that members were told in a run.
fn told(run: &Run) -> Option<&Step> {
    let steps = run.part.steps.iter().zip(&run.steps);
    let said = steps.filter(|(step, state)| {
        matches!(step.op, StepOp::Announce | StepOp::Notice) && state.state == StepState::Done
    });
    said.map(|(step, _)| step).rfind(|step| step.text("text").is_some())
}

/// Whether nothing that a member says can change anything any more.
fn over(run: &Run) -> bool {
    run.past_return() || matches!(run.phase, Phase::Ended(_))
}

fn name_of(state: &GroupState) -> String {
    let seen = state.snapshot.as_ref().and_then(|seen| seen.name.clone());
    seen.unwrap_or_else(|| state.id.to_string())
}
