//! The world: who is there, what they see, and what was counted.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::group::Group;
use crate::phone::Phones;
use crate::rules::Rules;
use crate::spec::{self, AccountSpec, TokenSpec, WorldSpec};

/// The platform's words, by code.
static WORDS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/words.json")).unwrap_or_default());

/// A system notice that an account got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The group that it is about.
    pub group: NativeId,
    /// When it came.
    pub at: Time,
    /// Its words.
    pub text: String,
}

/// A refusal of the platform. A front turns it into its own wire's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Our code: `not_owner`.
    pub code: &'static str,
}

impl Refusal {
    /// In the platform's words.
    pub fn says(self) -> &'static str {
        words(self.code).unwrap_or(self.code)
    }
}

/// Refuses.
pub(crate) fn refuse<T>(code: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code })
}

/// The platform's words of a code.
pub(crate) fn words(code: &str) -> Option<&'static str> {
    WORDS.get(code).map(String::as_str)
}

/// The simulated platform behind every front.
#[derive(Debug, Clone)]
pub struct World {
    /// The rules that it obeys.
    pub rules: Rules,
    /// The platform that it plays.
    pub platform: String,
    /// Accounts by id.
    pub accounts: BTreeMap<String, AccountSpec>,
    /// Credentials by what a caller shows; a front says what that is on its wire.
    pub tokens: BTreeMap<String, TokenSpec>,
    /// Groups by id, ended ones among them.
    pub groups: BTreeMap<String, Group>,
    pub(crate) notices: BTreeMap<String, Vec<Notice>>,
    pub(crate) effects: BTreeMap<(Op, NativeId), u32>,
    pub(crate) phones: Phones,
    /// Groups by the account that made them and its key.
    pub(crate) made: BTreeMap<(String, String), String>,
    /// When each account brought groups back.
    pub(crate) restored: BTreeMap<String, Vec<Time>>,
}

impl World {
    /// Builds a world that obeys `rules`.
    pub fn new(rules: Rules, spec: &WorldSpec) -> Self {
        Self {
            rules,
            platform: spec.platform.clone(),
            accounts: spec.accounts.iter().map(|account| (account.id.clone(), account.clone())).collect(),
            tokens: spec.tokens.iter().map(|token| (token.token.clone(), token.clone())).collect(),
            groups: spec.groups.iter().map(|group| (group.id.clone(), spec::group(spec, group))).collect(),
            notices: BTreeMap::new(),
            effects: BTreeMap::new(),
            phones: Phones::default(),
            made: BTreeMap::new(),
            restored: BTreeMap::new(),
        }
    }

    /// Ids of all groups, in order.
    pub fn group_ids(&self) -> Vec<NativeId> {
        self.groups.keys().cloned().map(NativeId).collect()
    }

    /// The system notices that an account got, oldest first.
    pub fn notices(&self, account: &str) -> &[Notice] {
        self.notices.get(account).map_or(&[], Vec::as_slice)
    }

    /// How often each effect really happened, by operation and group.
    pub fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.effects.clone()
    }

    /// Counts an effect. A front calls it for what it does to the world itself.
    pub fn count(&mut self, op: Op, group: &str) {
        *self.effects.entry((op, group.into())).or_insert(0) += 1;
    }

    /// The name of an account; empty when nobody knows it.
    pub fn name_of(&self, account: &str) -> &str {
        self.accounts.get(account).map_or("", |account| account.name.as_str())
    }

    /// Whether an account is a bot.
    pub fn is_bot(&self, account: &str) -> bool {
        self.accounts.get(account).is_some_and(|account| account.bot)
    }

    /// A group, ended or not.
    ///
    /// # Errors
    /// `unknown_group`.
    pub fn group(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups.get(id).ok_or(Refusal { code: "unknown_group" })
    }

    /// The same, to change it.
    ///
    /// # Errors
    /// `unknown_group`.
    pub fn group_mut(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        self.groups.get_mut(id).ok_or(Refusal { code: "unknown_group" })
    }

    /// Open groups of an account, in order.
    pub fn groups_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = (&'a String, &'a Group)> {
        self.groups
            .iter()
            .filter(move |(_, group)| group.ended.is_none() && group.members.contains_key(account))
    }

    /// The group, for a member of it. Former members are told that it was dissolved, except the one who did it.
    ///
    /// # Errors
    /// `unknown_group`, `not_in`, `dissolved`.
    pub fn seen_by(&self, id: &str, account: &str) -> Result<&Group, Refusal> {
        let group = self.group(id)?;
        if !group.members.contains_key(account) {
            return refuse("not_in");
        }
        match &group.ended {
            Some(ended) if ended.by == account => refuse("not_in"),
            Some(_) => refuse("dissolved"),
            None => Ok(group),
        }
    }

    /// The group, for its owner and administrators.
    ///
    /// # Errors
    /// As [`seen_by`](Self::seen_by), and `not_manager`.
    pub fn managed_by(&mut self, id: &str, account: &str) -> Result<&mut Group, Refusal> {
        self.seen_by(id, account)?;
        let group = self.group_mut(id)?;
        match group.standing(account) {
            Standing::Owner | Standing::Admin => Ok(group),
            Standing::Member => refuse("not_manager"),
        }
    }

    /// The group whose history `account` may read, and whether it only roams any more.
    ///
    /// # Errors
    /// As [`seen_by`](Self::seen_by).
    pub fn readable(&self, at: Time, id: &str, account: &str) -> Result<(&Group, bool), Refusal> {
        match self.seen_by(id, account) {
            Ok(group) => Ok((group, false)),
            Err(refusal) => {
                let group = self.group(id)?;
                let roams = group.ended.as_ref().is_some_and(|ended| {
                    ended.history && at.secs_since(ended.at) < self.rules.roaming_hours.saturating_mul(3600)
                });
                if roams && refusal.code == "dissolved" { Ok((group, true)) } else { Err(refusal) }
            }
        }
    }
}
