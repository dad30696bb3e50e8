//! Events of the organisation's stream.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::approval::{DualAct, Principal};
use crate::audit::Period;
use crate::canonical::Hash;
use crate::connection::Connection;
use crate::delegation::Delegation;
use crate::destruction::Grounds;
use crate::ids::{CaseId, ConnectionId, CreationId, DelegationId, GroupId, PlatformId, PrincipalId, TokenId};
use crate::instruction::{Authority, Refused};
use crate::passkey::Passkey;
use crate::reply::Doubt;
use crate::time::Time;
use crate::token::ServiceToken;
use crate::upload::Upload;

/// Why sessions ended before their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// Its person signed out.
    SignedOut,
    /// The same browser signed in once more.
    SignedInAgain,
    /// Its person ended it from another one.
    FromElsewhere,
    /// All at once: a telephone is gone.
    Everywhere,
    /// Its person chose another password.
    Password,
}

/// Events of the organisation's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OrgEvent {
    /// A principal was added.
    PrincipalAdded(Principal),
    /// A connection was added. Its secrets are elsewhere.
    ConnectionAdded(Connection),
    /// Somebody handed in a list that is about many groups.
    ListReceived {
        /// The connection.
        connection: ConnectionId,
        /// What was handed in.
        upload: Box<Upload>,
    },
    /// A group's key was destroyed: nothing of its payloads can be read any more.
    KeyDestroyed {
        /// The group.
        group: GroupId,
        /// Signed statement of the second person; the first one's is on the group's stream.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
        /// Why it could be destroyed, and the first person's statement, which went with the key.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        grounds: Option<Box<Grounds>>,
    },
    /// The organisation says something else about a platform than its profile.
    FactOverridden {
        /// The platform.
        platform: PlatformId,
        /// Key of the fact.
        key: String,
        /// The value that acts from now on.
        value: Value,
        /// Why.
        reason: String,
        /// Who.
        by: PrincipalId,
    },
    /// It takes that back.
    FactRetracted {
        /// The platform.
        platform: PlatformId,
        /// Key of the fact.
        key: String,
        /// Why.
        reason: String,
        /// Who.
        by: PrincipalId,
    },
    /// A new group is to be made. Committed before the call; its name and its people are in the encrypted wish.
    CreationAsked {
        /// The creation. The platform's idempotency key follows from it.
        creation: CreationId,
        /// Where.
        connection: ConnectionId,
        /// The template of the configuration.
        template: String,
        /// Who.
        by: PrincipalId,
    },
    /// It is there, and in the register.
    CreationDone {
        /// The creation.
        creation: CreationId,
        /// The group.
        group: GroupId,
    },
    /// It was given up. What the platform may have made all the same is a person's business from then on.
    CreationDropped {
        /// The creation.
        creation: CreationId,
        /// Why.
        reason: String,
        /// Who.
        by: PrincipalId,
    },
    /// A period was audited, and the report was handed over.
    Audited {
        /// The period.
        period: Period,
        /// SHA-256 of the report's canonical bytes.
        report: Hash,
        /// Hash of the bag in which it was handed over.
        bag_hash: Hash,
        /// Number of events that it rests on.
        events: u64,
        /// Number of findings.
        findings: u64,
    },
    /// Somebody lent a role to somebody else for a time.
    Delegated {
        /// What the delegator signed.
        delegation: Delegation,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// A delegation was taken back.
    DelegationRevoked {
        /// The delegation.
        delegation: DelegationId,
        /// Signed statement of whoever takes it back: the delegator or an admin.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// Somebody added a passkey of theirs.
    PasskeyAdded {
        /// What they signed with their own key.
        passkey: Passkey,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// A passkey was taken away.
    PasskeyRevoked {
        /// Its id, in hex.
        credential: String,
        /// Signed statement of whoever takes it away: its owner or an admin.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// A passkey that counts was used.
    PasskeyUsed {
        /// Its id, in hex.
        credential: String,
        /// How often it has signed.
        counter: u32,
    },
    /// A passkey counted backwards: there may be two of it. Its answer was refused.
    PasskeySuspect {
        /// Its id, in hex.
        credential: String,
        /// The case that it was used for; none for signing in.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        case: Option<CaseId>,
        /// The highest count that it had told before.
        had: u32,
        /// What it told now.
        got: u32,
    },
    /// An outpost was added to the instruction channel.
    OutpostAdded {
        /// Its name.
        outpost: String,
        /// SHA-256 of its certificate.
        certificate: Hash,
        /// The key that signs its replies, in hex; outposts of before there was one have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// Who.
        by: PrincipalId,
    },
    /// An outpost was cut off.
    OutpostRevoked {
        /// Its name.
        outpost: String,
        /// SHA-256 of the certificate that is no longer accepted.
        certificate: Hash,
        /// Why.
        reason: String,
        /// Who.
        by: PrincipalId,
    },
    /// Somebody who dialled the instruction channel was sent away.
    OutpostSentAway {
        /// Why: an error slug.
        code: String,
        /// The name that was given, if it came so far.
        outpost: Option<String>,
        /// The address that it came from, without the port.
        from: String,
    },
    /// Instructions are signed with another key.
    InstructionKeyRotated {
        /// Id of the new key.
        key: String,
        /// Id of the old one.
        old: String,
        /// Until when outposts trust the old one.
        old_until: Time,
        /// Who.
        by: PrincipalId,
    },
    /// An outpost did not obey an instruction, or did not answer a question.
    InstructionRefused {
        /// Its name.
        outpost: String,
        /// Why.
        why: Refused,
        /// What it was given under; a question may be under nothing.
        under: Option<Authority>,
        /// SHA-256 of the envelope.
        instruction: Hash,
    },
    /// A principal chose a password, for the first time or anew.
    AccountOpened {
        /// Who.
        principal: PrincipalId,
    },
    /// Sessions were ended before their time.
    SessionsEnded {
        /// Whose.
        principal: PrincipalId,
        /// Why.
        why: SessionEnd,
        /// How many.
        sessions: u64,
        /// Who: the principal, or an administrator.
        by: PrincipalId,
    },
    /// Too many wrong passwords: no further one is looked at for a while.
    SignInLocked {
        /// Whose account.
        principal: PrincipalId,
        /// Until when.
        until: Time,
    },
    /// An address that takes nothing is told nothing any more.
    WebhookGivenUp {
        /// Its name in the configuration.
        webhook: String,
    },
    /// An address is told everything from an event on once more.
    WebhookReplayed {
        /// Its name in the configuration.
        webhook: String,
        /// Sequence number of the first event.
        from: u64,
        /// Who.
        by: PrincipalId,
    },
    /// A principal gave a script a token of their own.
    TokenCreated {
        /// The token, as far as anybody may know it.
        token: ServiceToken,
    },
    /// A service token opens nothing any more.
    TokenRevoked {
        /// The token.
        token: TokenId,
        /// Who took it back: whose it is, or an administrator.
        by: PrincipalId,
    },
    /// What came as an outpost's reply was not believed.
    ReplyRefused {
        /// Name of the outpost that was asked.
        outpost: String,
        /// Why.
        why: Doubt,
        /// What it was asked under; a question may be under nothing.
        under: Option<Authority>,
        /// SHA-256 of the envelope that it was given.
        instruction: Hash,
    },
}

kinds! {
    OrgEvent {
        PrincipalAdded => "principal_added",
        ConnectionAdded => "connection_added",
        ListReceived => "list_received",
        KeyDestroyed => "key_destroyed",
        FactOverridden => "fact_overridden",
        FactRetracted => "fact_retracted",
        CreationAsked => "creation_asked",
        CreationDone => "creation_done",
        CreationDropped => "creation_dropped",
        Audited => "audited",
        Delegated => "delegated",
        DelegationRevoked => "delegation_revoked",
        PasskeyAdded => "passkey_added",
        PasskeyRevoked => "passkey_revoked",
        PasskeyUsed => "passkey_used",
        PasskeySuspect => "passkey_suspect",
        OutpostAdded => "outpost_added",
        OutpostRevoked => "outpost_revoked",
        OutpostSentAway => "outpost_sent_away",
        InstructionKeyRotated => "instruction_key_rotated",
        InstructionRefused => "instruction_refused",
        AccountOpened => "account_opened",
        SessionsEnded => "sessions_ended",
        SignInLocked => "sign_in_locked",
        WebhookGivenUp => "webhook_given_up",
        WebhookReplayed => "webhook_replayed",
        TokenCreated => "token_created",
        TokenRevoked => "token_revoked",
        ReplyRefused => "reply_refused",
    }
}
