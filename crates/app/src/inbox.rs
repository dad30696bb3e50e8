//! Import: a person hands in a file about a group, or a list of groups. It is read before anything is kept, kept as it
//! came (pictures without what they tell about the device), and noted on the group's stream without a single text.

use std::path::Path;

use adjourn_domain::case::CaseState;
use adjourn_domain::event::{Connection, OrgEvent};
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId};
use adjourn_domain::run::RunCommand;
use adjourn_domain::upload::{MAX_FINDINGS, Upload};
use serde::Serialize;

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::{FileKind, Looked, Signer};

/// What somebody wants to hand in.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The file.
    pub file: &'a Path,
    /// The group: as everywhere, or the platform's id of one that was never seen.
    pub group: Option<&'a str>,
    /// The connection, where the group does not tell.
    pub connection: Option<&'a str>,
    /// The identity whose client the file comes from.
    pub identity: &'a str,
    /// The zone of local times.
    pub zone: Option<&'a str>,
    /// Whether it is only looked at.
    pub dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// What kind of file it is.
    pub kind: FileKind,
    /// The connection.
    pub connection: ConnectionId,
    /// The group, if it is about one.
    pub group: Option<GroupId>,
    /// The platform's ids of the groups that it is about; of an archive, those of which something is kept.
    pub groups: Vec<NativeId>,
    /// Groups in an archive that this connection has not seen: nothing of them is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<usize>,
    /// The file.
    pub upload: Upload,
    /// Whether it is kept.
    pub kept: bool,
}

impl App {
    /// Hands in a file.
    pub async fn import(&self, wish: Import<'_>, signer: &dyn Signer) -> Result<Imported, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let (connection, target) = self.target(&org, &wish).await?;
        let identity = connection.identities.iter().find(|identity| identity.id.as_str() == wish.identity);
        let identity = identity.ok_or_else(|| {
            AppError::new("upload.identity")
                .with("identity", wish.identity)
                .with("connection", &connection.id)
        })?;
        let native = target.as_ref().map(|(_, native)| native);
        let stream = target.as_ref().map_or_else(|| GroupId::from("inbox"), |(id, _)| id.clone());
        let progress = |done: u64, total: u64| self.progress.count(&stream, "import", done, Some(total));
        let looked = self.inbox.look(wish.file, wish.zone, native, &progress)?;
        let upload = Upload {
            identity: identity.id.clone(),
            witness: identity.witness,
            by,
            received_at: self.clock.now(),
            format: looked.format.clone(),
            zone: looked.zone.clone(),
            sha256: looked.sha256,
            original: looked.original,
            bytes: looked.bytes,
            records: looked.records,
            first: looked.first,
            last: looked.last,
            ended: looked.ended,
            unreadable: looked.unreadable,
            noticed: looked.noticed,
            findings: looked.findings.iter().take(MAX_FINDINGS).cloned().collect(),
        };
        if let Some(platform) = looked.platform.filter(|platform| *platform != connection.platform.as_str()) {
            return Err(AppError::new("upload.platform")
                .with("platform", platform)
                .with("connection", &connection.id));
        }
        if looked.kind == FileKind::Archive {
            return self.take_archive(&org, connection, target, &wish, looked, upload).await;
        }
        let group = match (looked.kind, target) {
            (FileKind::People, _) => return Err(AppError::new("upload.contacts")),
            (FileKind::Groups, _) => {
                if !wish.dry_run {
                    self.take_list(&org, connection, wish.file, &upload).await?;
                }
                None
            }
            (_, None) => return Err(AppError::new("upload.group")),
            (_, Some((id, native))) => {
                about(&looked, &native)?;
                if !wish.dry_run {
                    self.take(connection, (&id, &native), &wish, &looked, &upload).await?;
                }
                Some(id)
            }
        };
        Ok(Imported {
            kind: looked.kind,
            connection: connection.id.clone(),
            group,
            groups: looked.groups,
            left_out: None,
            upload,
            kept: !wish.dry_run,
        })
    }

    /// The connection and, if one is meant, the group.
    async fn target<'a>(
        &self,
        org: &'a Org,
        wish: &Import<'_>,
    ) -> Result<(&'a Connection, Option<(GroupId, NativeId)>), AppError> {
        let named = wish.connection.map(|name| org.connection(&name.into())).transpose()?;
        let Some(text) = wish.group else {
            return named.map(|connection| (connection, None)).ok_or_else(|| AppError::new("upload.group"));
        };
        match (self.resolve(text).await, named) {
            (Ok(id), _) => {
                let state = self.journal.group(&id).await?;
                let snapshot = state.snapshot.as_ref();
                let snapshot = snapshot.ok_or_else(|| AppError::new("group.unknown").with("group", text))?;
                let connection = org.connection(&snapshot.connection)?;
                Ok((connection, Some((id, snapshot.native.clone()))))
            }
            // A group that nobody has seen yet becomes known by what is handed in about it.
            (Err(error), Some(connection)) if error.code() == "group.unknown" => {
                let native = NativeId::from(text);
                let id = self.journal.keys.group_id(connection.id.as_str(), &native)?;
                if org.destroyed.contains(&id) {
                    return Err(AppError::new("key.destroyed").with("group", &id));
                }
                Ok((connection, Some((id, native))))
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn take(
        &self,
        connection: &Connection,
        group: (&GroupId, &NativeId),
        wish: &Import<'_>,
        looked: &Looked,
        upload: &Upload,
    ) -> Result<(), AppError> {
        self.inbox.keep(&connection.id, group, wish.file, upload)?;
        self.inbox.register(&connection.id, group, looked.name.as_deref())?;
        self.received(connection, group, upload).await
    }

    /// Notes on the group's stream that a file was handed in; a group that nobody has seen yet is looked at first.
    async fn received(
        &self,
        connection: &Connection,
        group: (&GroupId, &NativeId),
        upload: &Upload,
    ) -> Result<(), AppError> {
        let mut state = self.journal.group(group.0).await?;
        if state.version == 0 {
            let seen = self.platforms.inspect(connection, group.1).await?;
            state = self.see(connection, state, seen.snapshot).await?;
        }
        let now = self.clock.now();
        let none = CaseState::new("c-none".into());
        let events = state.decide(&none, RunCommand::Receive(Box::new(upload.clone())), now)?;
        let mut tx = self.journal.begin(now, &upload.by);
        tx.group(state, &events)?;
        tx.commit().await
    }

    /// An archive has records of every chat of the organisation. Kept are those of the group that is named, else of the
    /// groups that this connection has seen; each group's apart, so that they go with its key and no other's.
    async fn take_archive(
        &self,
        org: &Org,
        connection: &Connection,
        target: Option<(GroupId, NativeId)>,
        wish: &Import<'_>,
        looked: Looked,
        upload: Upload,
    ) -> Result<Imported, AppError> {
        let named = target.as_ref().map(|(id, _)| id.clone());
        let mut ours = Vec::new();
        match target {
            Some((id, native)) => {
                about(&looked, &native)?;
                ours.push((id, native));
            }
            None => {
                for native in &looked.groups {
                    let id = self.journal.keys.group_id(connection.id.as_str(), native)?;
                    if !org.destroyed.contains(&id) && self.journal.group(&id).await?.snapshot.is_some() {
                        ours.push((id, native.clone()));
                    }
                }
            }
        }
        if ours.is_empty() {
            let found: Vec<&str> = looked.groups.iter().take(3).map(NativeId::as_str).collect();
            return Err(AppError::new("upload.other_group")
                .with("group", &connection.id)
                .with("found", found.join(", ")));
        }
        if !wish.dry_run {
            for (id, kept) in self.inbox.keep_archive(&connection.id, &ours, wish.file, &upload)? {
                let native = ours.iter().find(|(ours, _)| *ours == id).map(|(_, native)| native);
                let native = native.ok_or_else(|| AppError::new("group.unknown").with("group", &id))?;
                self.received(connection, (&id, native), &kept).await?;
            }
        }
        Ok(Imported {
            kind: looked.kind,
            connection: connection.id.clone(),
            group: named,
            left_out: Some(looked.groups.len().saturating_sub(ours.len())),
            groups: ours.into_iter().map(|(_, native)| native).collect(),
            upload,
            kept: !wish.dry_run,
        })
    }

    async fn take_list(
        &self,
        org: &Org,
        connection: &Connection,
        file: &Path,
        upload: &Upload,
    ) -> Result<(), AppError> {
        let ids = |native: &NativeId| {
            let id = self.journal.keys.group_id(connection.id.as_str(), native)?;
            Ok((!org.destroyed.contains(&id)).then_some(id))
        };
        self.inbox.keep_list(&connection.id, file, upload, &ids)?;
        let event =
            OrgEvent::ListReceived { connection: connection.id.clone(), upload: Box::new(upload.clone()) };
        let mut tx = self.journal.begin(self.clock.now(), &upload.by);
        tx.org(org, &event)?;
        tx.commit().await
    }

    /// Takes note of a group of a platform without an interface, about which nothing was handed in yet.
    pub async fn register_group(
        &self,
        connection: &ConnectionId,
        native: &NativeId,
        name: Option<&str>,
    ) -> Result<GroupId, AppError> {
        let org = self.journal.org().await?;
        let connection = org.connection(connection)?;
        let id = self.journal.keys.group_id(connection.id.as_str(), native)?;
        if org.destroyed.contains(&id) {
            return Err(AppError::new("key.destroyed").with("group", &id));
        }
        self.inbox.register(&connection.id, (&id, native), name)?;
        let seen = self.platforms.inspect(connection, native).await?;
        let state = self.journal.group(&id).await?;
        self.see(connection, state, seen.snapshot).await?;
        Ok(id)
    }
}

/// Refuses a file that holds other groups only: handing in the wrong one is easily done.
fn about(looked: &Looked, native: &NativeId) -> Result<(), AppError> {
    if matches!(looked.kind, FileKind::Messages | FileKind::Archive)
        && looked.records == 0
        && !looked.groups.is_empty()
    {
        let found: Vec<&str> = looked.groups.iter().take(3).map(NativeId::as_str).collect();
        return Err(AppError::new("upload.other_group")
            .with("group", native)
            .with("found", found.join(", ")));
    }
    Ok(())
}
